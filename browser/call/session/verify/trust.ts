// What may truthfully be said of the encryption now. Pure: what happened goes in, what is shown follows from it alone.
import type { RunAbort } from "./run.js";

/**
 * Beside the run's own reasons: certificate: a description, or the encryption itself, names another certificate than
 * the one this connection began with; silent: no answer within a minute; other: the other side gave up, for a reason
 * that it shows there.
 */
export type Abort = RunAbort | "certificate" | "silent" | "other";
export const ABORTS: readonly Abort[] = [
  "garbled", "order", "reflected", "commitment", "signature", "certificate", "silent", "other",
];

/** new: nothing known of the other yet; known: this very device was confirmed; changed: another one was. */
export type PeerKind = "new" | "known" | "changed";

export interface Trust {
  is: "none" | "running" | "words" | "aborted" | "stopped" | "unavailable";
  /** Encrypted connections of this page so far; each has words of its own. */
  run: number;
  words: string[];
  peer: PeerKind;
  /** When this device of the other's was confirmed. */
  since: number | null;
  mine: boolean;
  theirs: boolean;
  why: Abort | null;
  stoppedBy: "me" | "other" | null;
  /** Why no check can be made at all: no cryptography, or too many connections made anew. */
  without: "crypto" | "too_many" | null;
  remembers: boolean;
}

export type TrustEvent =
  | { type: "opened" }
  | { type: "closed" }
  /** The same encrypted connection as before: what was said of it is as true as it was. */
  | { type: "reopened"; trust: Trust }
  | { type: "proved"; words: string[]; peer: PeerKind; since: number | null; remembers: boolean }
  | { type: "aborted"; why: Abort }
  | { type: "match"; who: "me" | "other" }
  | { type: "differ"; who: "me" | "other" }
  | { type: "resumed" }
  | { type: "no_crypto" };

/** A forger has one chance in 2³² with each connection made anew; after so many the words are worth less. */
export const MOST_RUNS = 256;

export function untold(stoppedBy: Trust["stoppedBy"] = null): Trust {
  return {
    is: stoppedBy ? "stopped" : "none", run: 0, words: [], peer: "new", since: null, mine: false, theirs: false, why: null,
    stoppedBy, without: null, remembers: true,
  };
}

/** Both have read them aloud in this connection, or had with these two devices before. */
export const isChecked = (trust: Trust): boolean =>
  trust.is === "words" && ((trust.mine && trust.theirs) || trust.peer === "known");

/** What has to be shown without anybody having asked. */
export const isRaised = (trust: Trust): boolean =>
  trust.is === "aborted" || (trust.is === "words" && trust.peer === "changed" && !isChecked(trust));

export function onTrust(trust: Trust, event: TrustEvent): Trust {
  if (trust.is === "stopped" && event.type !== "resumed") return trust;
  switch (event.type) {
    case "opened": {
      const run = trust.run + 1;
      const fresh = { ...untold(), run };
      return run > MOST_RUNS ? { ...fresh, is: "unavailable", without: "too_many" } : { ...fresh, is: "running" };
    }
    case "closed":
      return trust.is === "unavailable" ? trust : { ...untold(), run: trust.run };
    case "reopened":
      return trust.is === "none" ? event.trust : trust;
    case "proved": {
      const { words, peer, since, remembers } = event;
      return trust.is === "running" ? { ...trust, is: "words", words, peer, since, remembers } : trust;
    }
    case "aborted":
      return trust.is === "running" || trust.is === "words" || (trust.is === "none" && event.why === "certificate")
        ? { ...untold(), run: trust.run, is: "aborted", why: event.why }
        : trust;
    case "match":
      return trust.is === "words" ? { ...trust, [event.who === "me" ? "mine" : "theirs"]: true } : trust;
    case "differ":
      return { ...untold(event.who), run: trust.run };
    case "resumed":
      return { ...untold(), run: trust.run };
    case "no_crypto":
      return { ...untold(), run: trust.run, is: "unavailable", without: "crypto" };
  }
}
