import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fakeBuses, openBoth } from "../../testing/fake-bus.js";
import { FASTEST, KIND, Prober, rateOf } from "./probe.js";

const every = (ms: number, count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i * ms);

const rates: [string, number, number[], number | null][] = [
  ["one message tells nothing", 300, [0], null],
  ["eight of 300 bytes, 63 ms apart: 50 kbit/s", 300, every(63, 8), 50],
  ["four of eight got through: what came counts", 300, [0, 63, 315, 441], 21],
  ["faster than can be told", 1000, every(0, 8), FASTEST],
  ["what had to wait for an answer is read by itself", 1000, [...every(29, 4), ...every(29, 4, 800)], 302],
  ["a beginning of one, then two, then four", 1000, [0, ...every(29, 2, 620), ...every(29, 4, 1270)], 302],
  ["each had to wait: nothing is known", 1000, [0, 640, 1290], null],
  ["waits cut short by SCTP's own patience", 1000, [0, 415, 735, 1530, 1560, 1589], 296],
  ["three that waited leave in one packet", 280, [0, 0.1, 0.2, 60], 50],
  ["all in one packet", 280, [0, 0.1, 0.2, 0.3], FASTEST],
  ["a line so thin that each takes a third of a second", 300, every(262, 4), 12],
];
for (const [name, size, at, expected] of rates) {
  test(`probe: ${name}`, () => assert.equal(rateOf({ size, at }, 600), expected));
}

test("probe: a burst is answered by the other browser", async () => {
  const pair = fakeBuses();
  let now = 0;
  const [a] = pair.map((bus) => new Prober(bus, () => (now += 20)));
  assert.equal(await a?.measure(4, 300), null, "no channel");
  openBoth(pair);
  assert.equal(await a?.measure(4, 300), 157); // four messages of 393 bytes, 20 ms apart
});

test("probe: over TCP the time until the answer tells, since what follows a loss comes all at once", async () => {
  const answered = async (span: number, base: number | null): Promise<number | null> => {
    const [mine, theirs] = fakeBuses();
    openBoth([mine, theirs]);
    let now = 0;
    const asked = new Prober(mine, () => now).measure(4, 300, { rtt: base, tcp: base !== null });
    now = 800;
    theirs.send("pre.probe", { burst: 1, size: 300, at: every(span, 4) });
    return asked;
  };
  assert.deepEqual([await answered(1, null), await answered(1, 600), await answered(100, 750)], [FASTEST, (4 * 393 * 8) / 200, 31]);
  assert.equal(Math.round((await answered(1, 2200)) ?? 0), 105, "where a round trip was taken for a longer one");
});

test("probe: an answer that is none is not believed", async () => {
  const [mine, theirs] = fakeBuses();
  openBoth([mine, theirs]);
  const prober = new Prober(mine);
  const asked = prober.measure(2, 300);
  const wrong = [null, 5, {}, { burst: 1 }, { burst: 1, size: 300, at: [] }, { burst: 1, size: 300, at: every(1, 65) }, { burst: 2, size: 300, at: [0, 1] }];
  const backwards = [[0, -5], [9, 3], [0, null], ["0", "1"]].map((at) => ({ burst: 1, size: 300, at }));
  for (const body of [...wrong, ...backwards]) theirs.send("pre.probe", body);
  theirs.send("pre.probe", { burst: 1, size: 300, at: [0, 31.44] });
  assert.equal(await asked, 100);
});

test("probe: whoever answers waits for the rest as long as the way is", () => {
  mock.timers.enable({ apis: ["setTimeout"] } as never); // the types know only an older form
  const waited = (rtt: number | null): number => {
    const [mine, theirs] = fakeBuses();
    openBoth([mine, theirs]);
    mine.loses = () => true;
    let came = 0;
    mine.on("pre.probe", () => came++);
    void new Prober(mine).measure(4, 300, { rtt, tcp: false });
    new Prober(theirs);
    theirs.hearBinary("once", KIND, Uint8Array.of(7, 0, 4, rtt === null ? 0 : rtt / 10));
    let ms = 0;
    for (; came === 0 && ms < 5000; ms += 100) mock.timers.tick(100);
    return ms;
  };
  assert.deepEqual([waited(null), waited(640), waited(1300)], [700, 1400, 2000]);
  mock.timers.reset();
});
