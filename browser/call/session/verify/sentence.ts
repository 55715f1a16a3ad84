// What is said of the encryption. Pure: keys of the page's words; the page fills in the names.
import { isChecked, type Trust } from "./trust.js";

export interface Said {
  title: string;
  text: string;
  /** One more sentence, where there is one. */
  also: string | null;
  acts: { compare: boolean; anew: boolean; stop: boolean };
}

type Acts = Partial<Said["acts"]>;

function said(title: string, text: string, acts: Acts = {}, also: string | null = null): Said {
  return { title, text, also, acts: { compare: false, anew: false, stop: false, ...acts } };
}

export function saidOf(trust: Trust, role: "client" | "counsellor"): Said {
  switch (trust.is) {
    case "none":
      return said("trust_none", "trust_none_text");
    case "running":
      return said("trust_open", "trust_running_text");
    case "words":
      return saidOfWords(trust, role);
    case "aborted":
      return said("trust_aborted", `trust_aborted_${aboutOf(trust)}`, { anew: true, stop: trust.why !== "silent" });
    case "unavailable":
      return said("trust_unavailable", trust.without === "too_many" ? "trust_too_many" : "trust_no_crypto");
    case "stopped":
      return said("trust_stopped", trust.stoppedBy === "other" ? "trust_stopped_other" : "trust_stopped_me", { anew: true });
  }
}

function saidOfWords(trust: Trust, role: "client" | "counsellor"): Said {
  const forgets = trust.remembers ? null : "trust_forgets";
  if (isChecked(trust)) {
    return trust.mine && trust.theirs
      ? said("trust_checked", "trust_checked_text", {}, forgets)
      : said("trust_checked", "trust_known_text", { compare: true });
  }
  if (trust.mine) return said("trust_open", "trust_mine_text", { stop: true });
  const how = role === "counsellor" ? "trust_read_counsellor" : "trust_read_client";
  if (trust.peer === "changed") return said("trust_changed", "trust_changed_text", { compare: true }, how);
  return said("trust_open", how, { compare: true }, trust.theirs ? "trust_theirs_text" : forgets);
}

function aboutOf({ why }: Trust): "silent" | "other" | "nonsense" | "tampered" {
  if (why === "silent" || why === "other") return why;
  return why === "garbled" || why === "order" ? "nonsense" : "tampered";
}
