// Tells a path that went still from one that is always slow: the pause is compared with those before it. Pure.

export interface Still {
  signs: number;
  /** performance.now() of the last sign of life. */
  at: number;
  /** Pauses that ended, the newest last. */
  pauses: number[];
}

export const ALIVE: Still = { signs: -1, at: 0, pauses: [] };

const KEPT = 40;
const LEAST = 1200; // ms: shorter pauses are ordinary everywhere
const MOST = 6000;
const TIMES = 2.5;

/** `now` in ms, `signs` any count that grows while something comes in. */
export function seen(state: Still, signs: number, now: number): Still {
  if (signs === state.signs) return state;
  // A smaller count is another pair's: it begins anew, and what lay between was no pause of this one.
  const pauses = state.signs >= 0 && signs > state.signs ? [...state.pauses, now - state.at].slice(-KEPT) : state.pauses;
  return { signs, at: now, pauses };
}

export const isStill = (state: Still, now: number): boolean =>
  state.signs >= 0 && now - state.at >= Math.min(MOST, Math.max(LEAST, TIMES * Math.max(0, ...state.pauses)));
