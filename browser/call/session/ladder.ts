// How much of a person is sent over the path as it is: goes down at once, up by knocks, never to and fro. One ladder
// for what we send; the other side has its own for what it sends. Pure: a state, what was seen, the time in ms.
import { HEADERS } from "../../line/dispersion.js";
import { SMALL_LOOK, type Burst } from "../../line/looks.js";
import { clamp, levelAt, LEVELS, LOSS_BORNE, NOTES, PLAIN, rungAt, rungFor, SMALL, THIN, TOP, topOf, type Level, type Path } from "./rungs.js";

/** What is known of the path from us to the other side, once a second; null: not known. */
export interface Seen {
  /** Round trip in ms, and whether it was told anew; null where the browser does not say. */
  rtt: number | null;
  answered: boolean | null;
  /** Share of our sound packets that the other side missed. */
  loss: number | null;
  /** Share of the sound played there that was made up, while something was said. */
  invented: number | null;
  /** kbit/s that reached the other side. */
  arrived: number | null;
  /** Pictures a second shown there while we send moving ones. */
  fps: number | null;
  /** kbit/s the browser believes in; only of use while moving pictures are sent. */
  available: number | null;
  path: Path;
  linkUp: boolean;
  /** The other's report is a new one. */
  fresh: boolean;
}

export interface Ladder {
  rung: number;
  since: number;
  /** kbit/s that the path takes, as last measured. */
  rate: number | null;
  /** The least round trip of late: what is above it is a queue. */
  base: number | null;
  /** The round trip read last, and whether it was falling: a queue that drains is no reason to go lower. */
  read: number | null;
  readAt: number;
  draining: boolean;
  /** How much speaks against this rung: round trips too long, and reports too poor; each new one counts once. */
  slow: number;
  poor: number;
  /** When the path is next asked whether it takes more, and how long after that. */
  knockAt: number;
  pause: number;
  /** Rungs above this are not tried again before `barredUntil`. */
  bar: number;
  barredUntil: number;
  bars: number;
  lastClimb: number;
  /** The last step was one down: what was sent before still stands in a queue. */
  fell: boolean;
  /** Highest rung that either person allows. */
  cap: number;
  path: Path;
}

const FIRST_KNOCK = 3000; // ms after the link is there
const KNOCK = 12_000; // between knocks: cheap, and a better line is to be noticed within 20 s
const LONGEST_KNOCK = 60_000;
const QUEUE = 420; // ms above the least round trip: more is being sent than gets through
const LENGTHENS = 0.015; // of what a round trip is longer than the least, a second
const LENGTHENS_AT_REST = 0.15; // while nothing is sent that could stand in a queue
const UNANSWERED = 9000; // ms; the browser looks every 2.5 s, and three in a row may well be lost
const UNANSWERED_TCP = 6000;
const INVENTED = 0.07;
const INVENTED_FIRST = 0.25; // beside a picture, while the player learns how long to wait on this line
const INVENTED_TCP = 0.15; // where what was lost is sent again, a second of it comes now and then whatever is sent
const SETTLE = 4000; // ms after a step before the next one down, and two round trips more
const HASTE = 2500; // ms after a step up, or the beginning
const ENOUGH = 2;
const SPARE = 1.12; // so that a rung is not lost again at the next breath
const LAST_STEP = 5; // before live voice is given up
const CLIMB_AGAIN = 8000;
const BARRED = 60_000; // ms; doubled each time
const LONGEST_BAR = 480_000;

export const START: Ladder = {
  rung: SMALL, since: 0, rate: null, base: null, read: null, readAt: 0, draining: false, slow: 0, poor: 0, knockAt: 0, pause: KNOCK, bar: TOP, barredUntil: 0, bars: 0,
  lastClimb: -Infinity, fell: false, cap: TOP, path: "direct",
};

export const levelOf = (ladder: Ladder): Level => levelAt(sentRung(ladder));

/** A new link, or one that came back: where we stood is kept, what was measured is measured again. */
export function linked(ladder: Ladder, now: number): Ladder {
  return { ...ladder, base: null, read: null, draining: false, slow: 0, poor: 0, knockAt: now + FIRST_KNOCK, pause: KNOCK, bar: TOP, barredUntil: 0, bars: 0 };
}

/** While nothing is sent yet: how long the way is without any queue, and what it goes by. */
export function rested(ladder: Ladder, rtt: number | null, path: Path): Ladder {
  return { ...by(ladder, path), base: leastOf(ladder.base, rtt, LENGTHENS_AT_REST) };
}

/** A way may also become longer: a phone that goes from Wi-Fi to a far mast. */
function leastOf(base: number | null, rtt: number | null, lengthens: number): number | null {
  if (rtt === null || base === null) return rtt ?? base;
  return Math.min(rtt, base + Math.max(2, lengthens * (rtt - base)));
}

/** What was measured as if nothing were sent again tells nothing of a way over TCP. */
function by(ladder: Ladder, path: Path): Ladder {
  if (path === ladder.path || path !== "relay-tcp") return { ...ladder, path };
  return { ...ladder, path, rate: null, rung: Math.min(ladder.rung, PLAIN) };
}

export function capped(ladder: Ladder, level: Level): Ladder {
  return { ...ladder, cap: topOf(level) };
}

/** Measured before anything is sent: the ladder is entered at the rung that fits. Over TCP at the best voice at most, since
 * what is too much stands in a queue for half a minute, and how long the way is without one is known only after a while. */
export function measuredEarly(ladder: Ladder, rate: number, now: number): Ladder {
  const fits = rungFor(rate, ladder.path);
  return { ...ladder, rate, rung: ladder.path === "relay-tcp" ? Math.min(fits, PLAIN) : fits, since: now };
}

export function tick(ladder: Ladder, seen: Seen, now: number): Ladder {
  if (!seen.linkUp) return { ...ladder, slow: 0, poor: 0, since: now };
  if (seen.path !== ladder.path) return tick({ ...by(ladder, seen.path), since: now }, seen, now);
  const base = leastOf(ladder.base, seen.rtt, LENGTHENS);
  // Much nearer than it was: another line, and so another chance.
  const moved = base !== null && ladder.base !== null && base < 0.6 * ladder.base - 20;
  const fresh = seen.rtt !== null && (seen.answered === true || seen.rtt !== ladder.read);
  const draining = fresh ? ladder.read !== null && (seen.rtt as number) < ladder.read - 30 : ladder.draining;
  const next: Ladder = {
    ...ladder, base, draining, read: seen.rtt ?? ladder.read, readAt: fresh ? now : ladder.readAt,
    ...(moved ? { knockAt: now, pause: KNOCK, barredUntil: 0, bars: 0 } : {}),
  };
  const sent = sentRung(ladder);
  if (rungAt(sent).level < LEVELS.voice) return { ...next, slow: 0, poor: 0 };
  const slow = fresh ? counted(ladder.slow, slowness(next, seen)) : ladder.slow + unanswered(next, seen, now);
  const poor = seen.fresh ? counted(ladder.poor, poorness(next, seen, now)) : ladder.poor;
  const settled = now - ladder.since >= (ladder.fell ? SETTLE + 2 * (seen.rtt ?? 0) : HASTE);
  if (settled && slow + poor >= (sent > THIN ? ENOUGH : LAST_STEP)) return down(next, seen, now);
  return { ...next, slow, poor };
}

/** What really goes out: where a person allows less than the line takes, the higher rung is not what is judged. */
const sentRung = (ladder: Ladder): number => Math.min(ladder.rung, ladder.cap);

const counted = (before: number, now: number): number => (now === 0 ? 0 : before + now);

const queueOf = ({ base }: Ladder, { rtt }: Pick<Seen, "rtt">): number => (rtt !== null && base !== null ? rtt - base : 0);

/** More is being sent than gets through: a queue stands before the narrowest place. */
function slowness(ladder: Ladder, { rtt }: Seen): number {
  const queue = ladder.draining ? 0 : queueOf(ladder, { rtt });
  // Over TCP what was lost comes a round trip later, and what follows waits for it: that is no queue of our making.
  const borne = QUEUE + (ladder.path === "relay-tcp" ? (ladder.base ?? 0) : 0);
  if (sentRung(ladder) <= THIN) return queue > 3 * borne ? 1 : 0; // a voice that comes late is better than none
  return queue > 3 * borne ? 2 : queue > borne ? 1 : 0;
}

/** The browser's own looks stand in the same queue as all else: where none is answered it is a long one, or full. */
function unanswered({ path, read, readAt, since }: Ladder, { answered }: Seen, now: number): number {
  const tcp = path === "relay-tcp";
  const told = answered !== null || tcp; // else the same number again may well be another answer
  return told && read !== null && now - Math.max(readAt, since) > (tcp ? UNANSWERED_TCP : UNANSWERED) ? 1 : 0;
}

/** What the other side reports. Sound made up beyond the line's own losses, and pictures that hardly move. */
function poorness(ladder: Ladder, seen: Seen, now: number): number {
  const loss = seen.loss ?? 0;
  const sent = sentRung(ladder);
  // The thinnest voice is kept where it is lost on the way, not where its own queue has no room for it.
  if (sent <= THIN && loss > LOSS_BORNE && queueOf(ladder, seen) > QUEUE) return 3;
  if (loss > 0.4) return 2;
  if (loss > LOSS_BORNE) return 1;
  if (sent <= THIN) return 0;
  const settling = sent >= SMALL && now - ladder.since < 2 * SETTLE;
  const borne = settling ? INVENTED_FIRST : ladder.path === "relay-tcp" ? INVENTED_TCP : INVENTED;
  if ((seen.invented ?? 0) > borne + loss) return 1;
  if (sent < SMALL || settling) return 0;
  // Over TCP the browser takes each packet sent again for a queue, and believes in next to nothing.
  if (seen.available !== null && ladder.path !== "relay-tcp" && seen.available < 0.6 * rungAt(sent).holds) return 1;
  return seen.fps !== null && seen.fps < 3 ? 1 : 0;
}

function down(ladder: Ladder, seen: Seen, now: number): Ladder {
  // With moving pictures the path was full, so what got through is what it takes. With voice alone it tells nothing:
  // in a pause hardly anything is sent.
  const sent = sentRung(ladder);
  const through = sent < SMALL ? null : (seen.arrived ?? (sent === TOP ? seen.available : null));
  const rate = through === null ? ladder.rate : Math.min(through, ladder.rate ?? Infinity);
  // Where not even a report comes back, it is the sound that the line is kept for.
  const blind = sent >= SMALL && through === null;
  const fits = blind ? PLAIN : rate !== null && through !== null ? rungFor(0.95 * rate, ladder.path) : sent - 1;
  const rung = Math.max(NOTES, Math.min(sent - 1, Math.max(fits, sent - 3)));
  const fell = now - ladder.lastClimb < 30_000;
  const bars = fell ? ladder.bars + 1 : ladder.bars;
  return {
    ...ladder,
    rung,
    rate,
    since: now,
    slow: 0,
    poor: 0,
    fell: true,
    knockAt: now + ladder.pause,
    pause: fell ? Math.min(2 * ladder.pause, LONGEST_KNOCK) : ladder.pause,
    ...(fell ? { bars, bar: rung, barredUntil: now + Math.min(BARRED * 2 ** (bars - 1), LONGEST_BAR) } : {}),
  };
}

/** Beside what is being said: on 50 kbit/s it is held up for 150 ms. */
const BESIDE: Burst = { count: 4, size: 150 };
/** While notes are all that the line bears: 0.6 kB, since a note may be on its way. */
const FOR_VOICE: Burst = { count: 3, size: 120 };
/** For one read so wide that its messages may have left in one packet. Two of these do not fit into one. */
const MIDDLE: Burst = { count: 3, size: 600 };
/** Before the first picture over TCP: what is too much there stands in a queue for half a minute, and the voice with it. */
const BEFORE_PICTURE: Burst = { count: 6, size: 600 };
/** What tells a wide line from a very wide one. On a rural 3G line it holds up what is being said for a third of a second. */
const LARGE: Burst = { count: 10, size: 1000 };
const HELD_UP = 120; // ms that a burst may take of a line as wide as was last measured

/** Whether the path should be asked now, and with how large a burst. Small where little gets through, so that what is
 * being said is not held up. */
export function knock(ladder: Ladder, now: number): Burst | null {
  if (now < ladder.knockAt || ladder.rung >= Math.min(TOP, ladder.cap)) return null;
  if (ladder.rung >= SMALL) return { count: 5, size: clamp(((ladder.rate ?? 300) * HELD_UP) / 8 / 5 - HEADERS, 250, LARGE.size) };
  if (rungAt(ladder.rung).name === "thin") return { count: 3, size: 60 };
  return ladder.rung <= NOTES ? FOR_VOICE : ladder.path === "relay-tcp" ? SMALL_LOOK : BESIDE;
}

/** What to ask with before a first answer is believed that is good for a moving picture of full size: between a few
 * messages a moment's delay counts for much. Null: it tells enough. */
export function doubted(ladder: Ladder, rate: number): Burst | null {
  const tcp = ladder.path === "relay-tcp";
  const fits = rungFor(tcp ? rate : rate / SPARE, ladder.path);
  if (fits <= ladder.rung) return null;
  if (ladder.rung >= SMALL) return LARGE;
  if (tcp) return ladder.rung >= PLAIN && fits >= SMALL ? BEFORE_PICTURE : null;
  return fits >= TOP ? MIDDLE : null;
}

/** Over TCP an answer tells of too little rather than too much: whatever waits for something to be sent again holds it
 * up, and SCTP lets a large burst out by and by. So the same few messages are sent some times, and the best counts. */
export function held(ladder: Ladder, rate: number): boolean {
  const wished = ladder.rung >= PLAIN ? SMALL : ladder.rung + 1;
  return ladder.path === "relay-tcp" && ladder.rung < SMALL && rungFor(rate, ladder.path) < wished;
}

/** The answer to a knock: `rate` is what the path lets through, also beside what is being sent, since the messages enter
 * its queue at once and leave it next to each other; null: no answer. `beside`: how much is being sent. */
export function knocked(ladder: Ladder, rate: number | null, now: number, beside = 0): Ladder {
  const next = { ...ladder, knockAt: now + ladder.pause };
  if (rate === null) return next;
  const barred = now < ladder.barredUntil ? ladder.bar : TOP;
  // Over TCP an answer tells of too little rather than too much, and a rung asks for half as much again.
  const fits = Math.min(rungFor(ladder.path === "relay-tcp" ? rate : rate / SPARE, ladder.path), barred);
  // Packets of a picture do come between the messages: it does not shrink for what it took itself.
  const taken = ladder.rung >= SMALL ? beside : 0;
  if (fits <= ladder.rung) return { ...next, rate: Math.max(rate + taken, rungAt(ladder.rung).needs) };
  if (ladder.slow + ladder.poor > 0 || now - ladder.lastClimb < CLIMB_AGAIN) return { ...next, knockAt: now + 2000 };
  // A small burst tells "more", not how much more: a larger one is sent from the next rung.
  const most = ladder.rung >= SMALL ? TOP : ladder.path === "relay-tcp" && ladder.rung < PLAIN ? PLAIN : SMALL;
  const rung = Math.min(fits, most);
  return { ...next, rate, rung, since: now, lastClimb: now, fell: false, knockAt: rung < fits ? now + 2500 : next.knockAt };
}
