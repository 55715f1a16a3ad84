// How much work the blurring may be: it steps down by itself where the device is too slow, and never up again until it
// is switched on anew, so that the edge does not flicker between two qualities. Pure.

export type Step = "full" | "seldom" | "plain" | "off";

export interface Work {
  /** The person is looked for in each n-th frame. */
  maskEvery: number;
  /** A soft blur, or the cheap one of a picture made small and large again. */
  soft: boolean;
}

export const WORK: Record<Exclude<Step, "off">, Work> = {
  full: { maskEvery: 1, soft: true },
  seldom: { maskEvery: 3, soft: true },
  plain: { maskEvery: 6, soft: false },
};

const NEXT: Record<Step, Step> = { full: "seldom", seldom: "plain", plain: "off", off: "off" };
export const TOO_LONG = 40; // ms a frame, as a mean
const WINDOW = 1000; // ms over which the mean is taken; three of them and the frame that ends each are less than 5 s
const LEAST = 4; // frames: one slow frame while something else loads tells nothing

export interface Pace {
  step: Step;
  since: number;
  frames: number;
  spent: number;
}

export const begun = (now: number): Pace => ({ step: "full", since: now, frames: 0, spent: 0 });

/** `spent`: ms that this frame took. */
export function paced(before: Pace, spent: number, now: number): Pace {
  if (before.step === "off") return before;
  const pace = { ...before, frames: before.frames + 1, spent: before.spent + spent };
  if (now - pace.since < WINDOW) return pace;
  // A device so slow that a window holds fewer frames than LEAST is too slow all the same.
  const slow = pace.spent / pace.frames > TOO_LONG && (pace.frames >= LEAST || pace.spent > WINDOW / 2);
  return { step: slow ? NEXT[pace.step] : pace.step, since: now, frames: 0, spent: 0 };
}
