import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBuses, openBoth } from "../../testing/fake-bus.js";
import { FASTEST, Prober, rateOf } from "./probe.js";

const rates: [string, [number, number, number], number | null][] = [
  ["one message tells nothing", [1, 300, 0], null],
  ["eight of 300 bytes in 440 ms: 50 kbit/s", [8, 300, 440], 50],
  ["four of eight got through: what came counts", [4, 300, 590], 16],
  ["faster than can be told", [8, 1000, 0], FASTEST],
];
for (const [name, [count, size, span], expected] of rates) {
  test(`probe: ${name}`, () => assert.equal(rateOf({ count, size, span }), expected));
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
    const asked = new Prober(mine, () => now).measure(4, 300, base);
    now = 800;
    theirs.send("pre.probe", { burst: 1, count: 4, size: 300, span });
    return asked;
  };
  assert.deepEqual([await answered(1, null), await answered(1, 600), await answered(300, 750)], [FASTEST, (4 * 393 * 8) / 200, 31]);
});

test("probe: an answer that is none is not believed", async () => {
  const [mine, theirs] = fakeBuses();
  openBoth([mine, theirs]);
  const prober = new Prober(mine);
  const asked = prober.measure(2, 300);
  for (const body of [null, 5, {}, { burst: 1 }, { burst: 1, count: 1e9, size: 300, span: 1 }, { burst: 2, count: 2, size: 300, span: 1 }]) {
    theirs.send("pre.probe", body);
  }
  theirs.send("pre.probe", { burst: 1, count: 2, size: 300, span: 31.44 });
  assert.equal(await asked, 100);
});
