// The board of one room's page, kept in its tab.
import type { Session } from "../session.js";
import { BoardDesk } from "./desk.js";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

export function openBoard({ bus, config, keep }: Session, changed: (theirs: boolean) => void): BoardDesk {
  return new BoardDesk({
    bus,
    role: config.me.role,
    kept: keep.read<unknown>("board", null),
    keep: (board) => keep.write("board", board),
    random: () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => LETTERS[byte % LETTERS.length]).join(""),
    changed,
  });
}
