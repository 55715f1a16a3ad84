// The ladder against a model of a line: a narrowest place with a queue before it, losses, and a round trip that is
// read only now and then. What comes out is the level over time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Path } from "../connection/sample.js";
import { capped, doubted, held, knock, knocked, levelOf, linked, measuredEarly, rested, START, tick, type Ladder } from "./ladder.js";
import { HEADERS } from "../../line/dispersion.js";
import { PLAIN, rungAt, RUNGS, sendingAt, rungFor, SMALL, THIN, type Level } from "./rungs.js";

interface Line {
  kbit: number;
  rtt: number;
  loss: number;
  queueMs: number;
  path?: Path;
}

const NETS: Record<string, Line> = {
  good: { kbit: 20_000, rtt: 40, loss: 0, queueMs: 500 },
  "4g": { kbit: 20_000, rtt: 120, loss: 0.01, queueMs: 500 },
  "3g": { kbit: 300, rtt: 300, loss: 0.03, queueMs: 600 },
  "2g": { kbit: 50, rtt: 600, loss: 0.05, queueMs: 1000 },
  "64k": { kbit: 64, rtt: 1200, loss: 0.1, queueMs: 500 },
  "32k": { kbit: 32, rtt: 600, loss: 0.05, queueMs: 500 },
  "16k": { kbit: 16, rtt: 600, loss: 0.05, queueMs: 500 },
  "8k": { kbit: 8, rtt: 600, loss: 0.05, queueMs: 500 },
  bursty: { kbit: 20_000, rtt: 300, loss: 0.06, queueMs: 500 },
  "3g tcp": { kbit: 300, rtt: 320, loss: 0, queueMs: 1500, path: "relay-tcp" },
  "2g tcp": { kbit: 50, rtt: 640, loss: 0, queueMs: 3000, path: "relay-tcp" },
};

/** kbit/s of whole packets that a rung offers; "small" the voice alone, since its picture goes by the rate. */
const OFFERS = { text: 1, notes: 2, thin: 10, lean: 17, plain: 30, stills: 38, small: 45, picture: 1600 };

interface Run {
  ladder: Ladder;
  levels: Level[];
}

/** `lines`: from which second on which line; readings of the round trip every three seconds. */
function walk(lines: [number, Line][], seconds: number, from: Partial<Ladder> = {}, noise = 1): Run {
  let ladder: Ladder = linked({ ...START, ...from }, 0);
  let queue = 0, rtt: number | null = null, loss: number | null = null, seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const levels: Level[] = [];
  for (let s = 1; s <= seconds; s++) {
    const line = lines.filter(([since]) => since <= s).at(-1)?.[1] as Line;
    const now = s * 1000;
    const { name } = rungAt(Math.min(ladder.rung, ladder.cap));
    const small = name === "small" ? OFFERS.small + 1.1 * (sendingAt(SMALL, ladder.rate, "direct").picture?.kbit ?? 0) : 0;
    const offered = small || Math.min(OFFERS[name], name === "picture" ? Math.max(OFFERS.plain, line.kbit * 1.3) : Infinity);
    const excess = offered - line.kbit;
    queue = Math.max(0, Math.min(line.queueMs, queue + (1000 * excess) / line.kbit));
    const overflow = queue >= line.queueMs && excess > 0 ? excess / offered : 0;
    if (s % 3 === 0) rtt = line.rtt + queue + noise * 40 * random();
    if (s % 2 === 0) loss = Math.min(1, line.loss * (1 + noise * (random() - 0.5)) + overflow);
    const arrived = Math.min(line.kbit, offered) * (1 - line.loss);
    const moving = name === "picture" || name === "small";
    const available = moving ? 0.85 * line.kbit : 45;
    const fps = moving ? (line.kbit > 100 ? 15 : 1) : null;
    ladder = tick(ladder, { rtt, loss, invented: overflow > 0 ? overflow : 0.005, arrived, fps, available, path: line.path ?? "direct", linkUp: true, answered: null, fresh: s % 2 === 0 }, now);
    const asked = knock(ladder, now);
    const seen = Math.min(2000, Math.max(1, line.kbit - (moving ? 0 : offered)) * (0.85 + 0.25 * random()));
    if (asked) ladder = knocked(ladder, seen, now, moving ? 0 : offered);
    levels.push(levelOf(ladder));
  }
  return { ladder, levels };
}

const changes = (levels: Level[]): number => levels.filter((level, i) => i > 0 && level !== levels[i - 1]).length;

const settles: [string, Level[]][] = [
  ["good", [5]], ["4g", [5]], ["3g", [4]], ["2g", [2, 3]], ["64k", [3]], ["32k", [2]], ["16k", [2]], ["8k", [1]],
  ["bursty", [5]], ["3g tcp", [4]], ["2g tcp", [2]],
];
for (const [name, expected] of settles) {
  test(`ladder: ${name} holds level ${expected.join(" or ")}, and changes at most once a minute`, () => {
    const line = NETS[name] as Line;
    for (const start of [START, measuredEarly({ ...START, path: line.path ?? "direct" }, line.kbit, 0)]) {
      const { levels } = walk([[0, line]], 240, start);
      const steady = levels.slice(60);
      assert.ok(expected.includes(steady.at(-1) as Level), `ends at ${steady.at(-1)}: ${levels.join("")}`);
      assert.ok(changes(steady) <= 3, `${changes(steady)} changes in three minutes: ${levels.join("")}`);
    }
  });
}

test("ladder: measured while waiting, 2G starts with stills and 3G with a small picture", () => {
  const at = (kbit: number, path: Path = "direct") => rungAt(rungFor(kbit, path)).name;
  assert.deepEqual([2000, 300, 48, 38, 30, 16, 8].map((kbit) => at(kbit)), ["picture", "small", "stills", "plain", "lean", "thin", "notes"]);
  assert.deepEqual([at(300, "relay-tcp"), at(48, "relay-tcp")], ["small", "lean"]);
});

for (const [from, to] of [["2g", "good"], ["16k", "good"], ["8k", "good"], ["32k", "3g"], ["8k", "16k"]] as const) {
  test(`ladder: up within 20 s once ${from} has become ${to}`, () => {
    const line = NETS[from] as Line;
    const { levels } = walk([[0, line], [60, NETS[to] as Line]], 84, measuredEarly(START, line.kbit, 0));
    const goal = { good: 4, "3g": 4, "16k": 2 }[to];
    const reached = levels.findIndex((level, i) => i >= 60 && level >= goal);
    assert.ok(reached >= 60 && reached <= 80, levels.join(""));
  });
}

test("ladder: down within ten seconds when a good line becomes 2G", () => {
  const { levels } = walk([[0, NETS.good as Line], [30, NETS["2g"] as Line]], 60, { rung: RUNGS.length - 1 });
  assert.ok(levels.slice(40).every((level) => level <= 3), levels.join(""));
  assert.ok(levels.slice(40).every((level) => level >= 1), levels.join(""));
});

test("ladder: what a person pins is never passed, and nothing is forgotten when it is let go", () => {
  const { ladder } = walk([[0, NETS.good as Line]], 30);
  assert.equal(levelOf(ladder), 5);
  assert.deepEqual(([0, 1, 2, 3, 4, 5] as Level[]).map((level) => levelOf(capped(ladder, level))), [0, 1, 2, 3, 4, 5]);
});

test("ladder: while the link is down nothing is judged", () => {
  const seen = { rtt: 5000, loss: 1, invented: 1, arrived: 0, fps: 0, available: 0, path: "direct" as Path, linkUp: false, answered: null, fresh: true };
  let ladder: Ladder = { ...START, rung: 7 };
  for (let s = 0; s < 60; s++) ladder = tick(ladder, seen, s * 1000);
  assert.equal(ladder.rung, 7);
});

test("ladder: each rung sends what fits, over TCP nothing twice", () => {
  const of = (name: string, rate: number | null, path: Path = "direct") => sendingAt(RUNGS.findIndex((rung) => rung.name === name), rate, path);
  assert.deepEqual(of("text", null), { voice: null, picture: null, stills: 0, notes: false, measured: false });
  assert.deepEqual([of("notes", 8).notes, of("thin", 16).voice?.red, of("lean", 30).voice?.red, of("plain", 45, "relay-tcp").voice?.red], [true, false, true, false]);
  assert.deepEqual([of("stills", 50).stills, of("stills", 36).stills, of("stills", 500).stills], [316, 150, 1100]);
  assert.deepEqual([of("small", 300).picture, of("small", 125).picture], [{ kbit: 110, scale: 2, fps: 20 }, { kbit: 60, scale: 3, fps: 15 }]);
});

test("ladder: voice by a person's wish is judged as voice, and the line is not asked for more", () => {
  let ladder: Ladder = { ...capped({ ...START, rung: 7 }, 2), since: -60_000 };
  for (let s = 1; s <= 120; s++) {
    ladder = tick(ladder, { rtt: 60, loss: 0, invented: 0, arrived: 25, fps: 0, available: 40, path: "direct", linkUp: true, answered: null, fresh: s % 2 === 0 }, s * 1000);
    assert.equal(knock(ladder, s * 1000), null);
  }
  assert.equal(ladder.rung, 7);
  for (let s = 121; s <= 140; s++) {
    ladder = tick(ladder, { rtt: 60, loss: 0.5, invented: 0.4, arrived: 25, fps: 0, available: 40, path: "direct", linkUp: true, answered: null, fresh: true }, s * 1000);
  }
  assert.ok(Math.min(ladder.rung, ladder.cap) < 4, "a poor line is still believed");
});

for (const [rate, most] of [[130, 120], [300, 121], [900, 60]] as const) {
  test(`ladder: beside a small picture on ${rate} kbit/s, what is said is held up for ${most} ms at most by a knock`, () => {
    const { count, size } = knock({ ...START, rate, rung: SMALL }, 1e6) ?? { count: 0, size: 0 };
    const ms = (count * (size + HEADERS) * 8) / rate;
    assert.ok(ms > 20 && ms <= most, `${ms} ms`);
  });
}

test("ladder: a few messages are not believed when they promise a picture of full size", () => {
  const small = { ...START, rate: 300, rung: SMALL };
  assert.equal(doubted(small, 330), null);
  assert.deepEqual(doubted(small, 700), { count: 10, size: 1000 });
  assert.equal(doubted({ ...small, rung: THIN }, 500), null, "from there it goes up one rung at a time");
  assert.deepEqual(doubted({ ...small, rung: THIN }, 2000), { count: 3, size: 600 }, "they may have left in one packet");
});

const overTcp: Ladder = { ...START, path: "relay-tcp" };
test("ladder: a tenth invented in the first seconds is the player's, later it is the line's", () => {
  const fell = (from: number, invented: number): number => {
    let ladder: Ladder = { ...START, rung: SMALL, base: 320, read: 320 };
    for (let s = 1; s <= 20; s++) {
      const seen = { rtt: 320, loss: 0, invented: s >= from && s < from + 6 ? invented : 0, arrived: 169, fps: 14.5, available: 210, path: "direct" as Path, linkUp: true, answered: true, fresh: s % 2 === 0 };
      ladder = tick(ladder, seen, s * 1000);
    }
    return SMALL - ladder.rung;
  };
  assert.deepEqual([fell(1, 0.1), fell(1, 0.4) > 0, fell(10, 0.1) > 0], [0, true, true]);
});

const seenOverTcp = { rtt: 700, loss: 0, invented: 0, arrived: 40, fps: 12, available: null, path: "relay-tcp" as Path, linkUp: true, answered: null, fresh: true };

test("ladder: over TCP it begins with the best voice at most, whatever was measured before that was known", () => {
  const rung = (ladder: Ladder): string => rungAt(ladder.rung).name;
  assert.deepEqual([2000, 45, 20].map((rate) => rung(measuredEarly(overTcp, rate, 0))), ["plain", "lean", "thin"]);
  const measured = measuredEarly(START, 2000, 0);
  assert.deepEqual([rung(rested(measured, 300, "direct")), rung(rested(measured, 300, "relay-tcp"))], ["picture", "plain"]);
  assert.equal(rested(measured, 300, "relay-tcp").rate, null);
  const turned = tick(measured, seenOverTcp, 60_000);
  assert.deepEqual([rung(turned), turned.since], ["plain", 60_000], "in the middle of a call as well");
});

test("ladder: over TCP a few messages are enough for a small picture, and sent again where they promise nothing", () => {
  const plain = { ...overTcp, rung: PLAIN };
  assert.deepEqual([50, 180, 190].map((rate) => held(plain, rate)), [true, true, false]);
  assert.deepEqual([held({ ...plain, rung: SMALL }, 90), held({ ...plain, path: "relay" }, 90)], [false, false]);
  assert.deepEqual([doubted(plain, 180), doubted(plain, 190)], [null, { count: 6, size: 600 }], "a picture too many stands in a queue for long");
  assert.equal(rungAt(knocked(plain, 190, 60_000).rung).name, "small");
  assert.equal(rungAt(knocked({ ...overTcp, rung: THIN }, 2000, 60_000).rung).name, "plain", "from below not past the voice");
});

test("ladder: over TCP looks that are not answered are a queue, and the browser's own guess tells nothing", () => {
  const small: Ladder = { ...overTcp, rung: SMALL, base: 700, read: 700 };
  const after = (seconds: number, change: Partial<typeof seenOverTcp> = {}): number => {
    let ladder = small;
    for (let s = 1; s <= seconds; s++) ladder = tick(ladder, { ...seenOverTcp, ...change, rtt: change.rtt ?? 700 + (s % 5) }, s * 1000);
    return ladder.rung;
  };
  assert.equal(after(30), SMALL);
  assert.equal(after(30, { available: 20 as never }), SMALL);
  assert.ok(after(12, { rtt: 700 }) < SMALL, "the same number all the time: none came anew");
});

test("ladder: over TCP a round trip longer by one that was lost is no queue", () => {
  const late = (path: Path): number => {
    let ladder: Ladder = { ...START, path, base: 700, read: 700, rung: SMALL };
    for (let s = 1; s <= 20; s++) ladder = tick(ladder, { ...seenOverTcp, path, rtt: 1300 + s }, s * 1000);
    return ladder.rung;
  };
  assert.deepEqual([late("relay-tcp"), late("relay") < SMALL], [SMALL, true]);
});

test("ladder: a small picture does not shrink for what it takes itself", () => {
  const { rate, rung } = knocked({ ...START, rate: 300, rung: SMALL }, 130, 60_000, 180);
  assert.deepEqual([rate, rung], [310, SMALL]);
});

test("ladder: looks that are not answered are a queue over UDP as well, where the browser tells of answers", () => {
  const after = (answered: boolean | null): string => {
    let ladder: Ladder = { ...START, rung: 7, base: 60, read: 60 };
    const still = { rtt: 60, loss: null, invented: null, arrived: null, fps: null, available: 125, path: "direct" as Path, linkUp: true, fresh: false };
    for (let s = 1; s <= 12; s++) ladder = tick(ladder, { ...still, answered }, s * 1000);
    return rungAt(ladder.rung).name;
  };
  assert.deepEqual([after(true), after(null), after(false)], ["picture", "picture", "stills"], "by what the browser still believes in");
});

test("ladder: where the line fell to nothing and no report comes back, only the voice is kept", () => {
  let ladder: Ladder = { ...START, rung: SMALL, base: 60, read: 60, rate: 300 };
  const jam = { rtt: 2700, answered: true, loss: null, invented: null, arrived: null, fps: null, available: null, path: "direct" as Path, linkUp: true, fresh: false };
  for (let s = 1; s <= 4; s++) ladder = tick(ladder, jam, s * 1000);
  assert.equal(rungAt(ladder.rung).name, "plain");
});

test("ladder: what is lost is sent again only where it comes in time", () => {
  const nack = (base: number | null) => sendingAt(THIN, 16, "direct", base).voice?.nack;
  assert.deepEqual([nack(null), nack(350), nack(600)], [true, true, false]);
});

test("ladder: the thinnest voice is kept where it is lost on the way, not where its own queue has no room for it", () => {
  const after = (rtt: number): Level => {
    let ladder: Ladder = { ...linked({ ...START, rung: THIN }, 0), base: 600 };
    for (let s = 1; s <= 12; s++) {
      const fresh = s % 4 === 0;
      ladder = tick(ladder, { rtt, answered: null, loss: 0.3, invented: 0.3, arrived: 7, fps: null, available: null, path: "direct", linkUp: true, fresh }, 1000 * s);
    }
    return levelOf(ladder);
  };
  assert.deepEqual([after(640), after(1500)], [2, 1]);
});
