// Which of the server's numbered frames are new to us. Pure.
import type { ServerFrame } from "./protocol.js";

export interface Place {
  epoch: string | null;
  seq: number;
}

export const NOWHERE: Place = { epoch: null, seq: 0 };

/** The place after a frame, and whether the frame is to be acted on. */
export function follow(place: Place, frame: ServerFrame): { place: Place; fresh: boolean } {
  if (frame.t === "welcome") {
    // A resumed welcome is followed by what we missed, which has lower numbers than its own.
    const seq = frame.resumed && frame.epoch === place.epoch ? place.seq : frame.seq;
    return { place: { epoch: frame.epoch, seq }, fresh: true };
  }
  if (frame.seq === undefined) return { place, fresh: true };
  if (frame.seq <= place.seq) return { place, fresh: false };
  return { place: { epoch: place.epoch, seq: frame.seq }, fresh: true };
}
