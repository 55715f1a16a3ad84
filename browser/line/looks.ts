// How a path is asked while nothing is said or shown yet: by both in the waiting room, and in the preparation, which thereby
// foresees what the room will see. Pure but for the asking.
import { needs, SMALL, TOP, type Path } from "./rungs.js";

/** Messages sent at once: how many, and the bytes of each. */
export interface Burst {
  count: number;
  size: number;
}

/** All of it fits into what SCTP lets out at once at the least. */
export const SMALL_LOOK: Burst = { count: 4, size: 280 };
const SMALLER: Burst = { count: 3, size: 120 };
export const LONG: Burst = { count: 8, size: 1000 };
const AGAIN = 2;
export const LONG_FROM = 70; // kbit/s
export const NOTHING_HEARD = 20; // kbit/s

type Ask = (burst: Burst) => Promise<number | null>;

/** kbit/s; null where nobody is there to answer. `over`: it is too late to ask. A line on which two looks in a row come
 * to nothing, the second a smaller one, is taken for a thin one: whoever began with more would not be heard. If it is not,
 * the first knock tells. */
export async function looked(ask: Ask, known: { path: Path; rate: number | null }, over: () => boolean): Promise<number | null> {
  let rate = (await ask(SMALL_LOOK)) ?? (over() ? null : await ask(SMALLER));
  if (rate === null) return over() ? null : NOTHING_HEARD;
  // What else crosses the line makes it look thinner than it is, never wider: of a few looks the best.
  const doubtBelow = Math.min(needs(SMALL, known.path), 0.8 * (known.rate ?? Infinity));
  for (let again = 0; again < AGAIN && rate < doubtBelow && !over(); again++) {
    rate = Math.max(rate, (await ask(SMALL_LOOK)) ?? 0);
  }
  // A page that was busy for a moment takes a thin line for a good one; a long burst cannot be hidden so.
  return rate > LONG_FROM ? ((await ask(LONG)) ?? (await notWide(ask, rate, known.path))) : rate;
}

/** Where too little came of a long burst the line is no good one, and perhaps one for a small picture all the same. */
const notWide = async (ask: Ask, rate: number, path: Path): Promise<number> => Math.min(rate, needs(TOP, path) - 1, (await ask(SMALL_LOOK)) ?? LONG_FROM);
