// What every part of the page is given.
import type { Config } from "../session/config.js";
import type { Session } from "../session/session.js";
import { hour, type Say } from "./dom.js";

export interface Page {
  session: Session;
  config: Config;
  say: Say;
  isCounsellor: boolean;
}

export const clockTime = ({ config }: Page, when: string | number): string =>
  hour(when, config.language ?? "id", config.zone ?? "Asia/Jakarta");

/** With WIB, WITA or WIT, which Indonesian knows in every language of the page. */
export function zonedTime(page: Page, when: string | number): string {
  const timeZone = page.config.zone ?? "Asia/Jakarta";
  const parts = new Intl.DateTimeFormat("id", { timeZone, timeZoneName: "short" }).formatToParts(new Date(when));
  return `${clockTime(page, when)}\u00a0${parts.find(({ type }) => type === "timeZoneName")?.value ?? ""}`.trim();
}
