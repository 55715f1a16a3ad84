// Each row of the check: what we saw, what it means, one fix. Pure: keys of the page's words.
import { lineWord, type Facts } from "./facts.js";
import { levelAt } from "../line/rungs.js";
import { rungHeld } from "./forecast.js";

export interface Row {
  state: "wait" | "good" | "thin";
  /** Key of the sentence that says what we saw; `_means` and `_fix` follow the same name. */
  saw: string;
}

export type RowName = "camera" | "light" | "microphone" | "noise" | "tone" | "line" | "path";

const wait = (name: RowName): Row => ({ state: "wait", saw: `${name}_wait` });
const good = (saw: string): Row => ({ state: "good", saw });
const thin = (saw: string): Row => ({ state: "thin", saw });

export function rowOf(name: RowName, facts: Facts): Row {
  switch (name) {
    case "camera":
    case "microphone": {
      const opened = facts[name];
      if (!opened) return wait(name);
      return opened === "on" ? good(`${name}_on`) : thin(`${name}_${opened}`);
    }
    case "light":
      if (facts.camera && facts.camera !== "on") return thin("light_unseen");
      if (!facts.light) return wait("light");
      return facts.light === "fine" ? good("light_fine") : thin(`light_${facts.light}`);
    case "noise":
      if (facts.microphone && facts.microphone !== "on") return thin("noise_unheard");
      if (!facts.noise) return wait("noise");
      return facts.noise === "loud" ? thin("noise_loud") : good(`noise_${facts.noise}`);
    case "tone":
      if (!facts.tone) return wait("tone");
      return facts.tone === "heard" ? good("tone_heard") : thin("tone_not_heard");
    case "line": {
      if (!facts.line) return wait("line");
      const word = lineWord(levelAt(rungHeld(facts.line)));
      return word === "good" ? good("line_good") : thin(`line_${word}`);
    }
    case "path":
      if (!facts.path) return wait("path");
      if (facts.path === "no") return thin("path_no");
      return facts.line?.route === "relay-tcp" ? thin("path_tcp") : good("path_yes");
  }
}
