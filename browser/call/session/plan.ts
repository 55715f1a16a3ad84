// When the agreed plan is shown, and what it says. Pure; times in ms.
import type { LinkState } from "../connection/peer-state.js";
import type { Stage } from "./state.js";

/** As the server gives it to its reader (preparation/domain/plan.py). */
export interface Plan {
  /** It is the reader who calls. */
  calls: boolean;
  after: number;
  by: "phone" | "whatsapp" | "platform";
  where: string;
  number: string;
  href: string;
}

export interface Facts {
  stage: Stage;
  seated: boolean;
  online: boolean;
  link: LinkState;
  otherHere: boolean;
  otherLeft: boolean;
  /** How long nothing has been heard. */
  deafFor: number;
}

/** Whose line is gone: ours, the other's, or nobody's. */
export type Gone = "own" | "other" | null;

const SURE = 3000; // ms of silence that make a lost server a lost line
const SILENT = 5000; // ms of silence though both are in touch with the server

export function goneOf({ stage, seated, online, link, otherHere, otherLeft, deafFor }: Facts): Gone {
  if (stage !== "in" && stage !== "waiting") return null;
  if (seated && !online) return link !== "up" || (stage === "in" && deafFor > SURE) ? "own" : null;
  if (stage !== "in" || otherLeft) return null;
  if (!otherHere && (link !== "up" || deafFor > SURE)) return "other";
  return deafFor > SILENT ? "other" : null;
}

export interface Watch {
  gone: Gone;
  /** performance.now() when it was noticed. */
  since: number;
}

export const QUIET: Watch = { gone: null, since: 0 };
const PATIENCE = 1500; // ms: what passes sooner is not worth a word

export function watch(before: Watch, gone: Gone, now: number): Watch {
  if (gone === before.gone) return before;
  return { gone, since: gone !== null && before.gone !== null ? before.since : now };
}

export const isShown = ({ gone, since }: Watch, now: number): boolean => gone !== null && now - since >= PATIENCE;

/** The key of the sentence that says what was agreed. */
export function agreedKey({ calls, by, number, where }: Plan): string {
  if (by === "platform") return where ? "plan_platform" : "plan_none";
  if (!number) return calls ? "plan_none" : "plan_wait";
  if (calls) return by === "whatsapp" ? "plan_call_whatsapp" : "plan_call_phone";
  return by === "whatsapp" ? "plan_called_whatsapp" : "plan_called_phone";
}

/** What the one link says, or null where there is nothing to tap. */
export function linkKey({ href, by }: Plan): string | null {
  if (!href) return null;
  return by === "platform" ? "plan_link_platform" : by === "whatsapp" ? "plan_link_whatsapp" : "plan_link_phone";
}

/** A link that may stand on the page: nothing but a telephone, WhatsApp or another secure page. */
export const isOurs = (href: string): boolean => /^(tel:\+?\d{2,20}|https:\/\/[^\s"'<>]+)$/.test(href);
