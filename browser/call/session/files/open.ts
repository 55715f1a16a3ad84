// The desk for files of one room's page: its line, its clock, its check.
import type { Session } from "../session.js";
import { LEVELS } from "../rungs.js";
import { FileDesk } from "./desk.js";
import { Pace, type Line } from "./pace.js";
import { hex } from "./wire.js";

const OFTEN = 100; // ms

export function openFiles(session: Session, changed: () => void): { desk: FileDesk; thin: () => boolean } {
  const pace = new Pace();
  const line = (): Line => {
    const { level, otherLevel, rtt } = session.state.quality;
    return { level: Math.min(level, otherLevel ?? level), rtt };
  };
  const desk = new FileDesk({
    bus: session.bus,
    allowed: (now) => pace.next(line(), now),
    digest: async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))),
    newId: () => hex(crypto.getRandomValues(new Uint8Array(8))),
    now: () => performance.now(),
    changed,
  });
  setInterval(() => desk.tick(), OFTEN);
  return { desk, thin: () => line().level < LEVELS.small };
}
