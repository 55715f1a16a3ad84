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
