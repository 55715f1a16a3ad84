import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBuses, openBoth, type FakeBus } from "../../../testing/fake-bus.js";
import { BoardDesk } from "./desk.js";
import { added, EMPTY, MANY, readBoard, readStroke, SIDE, thinned, without, type Board, type Stroke } from "./model.js";

let n = 0;
const random = () => (++n).toString(36).padStart(6, "0");
const line = (x: number) => [x, 10, x + 50, 60];

interface Tab {
  kept: Board | null;
}

function open(bus: FakeBus, role: "client" | "counsellor", tab: Tab): BoardDesk {
  const kept: unknown = JSON.parse(JSON.stringify(tab.kept));
  return new BoardDesk({ bus, role, kept, keep: (board) => (tab.kept = board), random, changed: () => undefined });
}

function two() {
  const buses = fakeBuses();
  const tabs: [Tab, Tab] = [{ kept: null }, { kept: null }];
  const desks = { o: open(buses[0], "counsellor", tabs[0]), c: open(buses[1], "client", tabs[1]) };
  openBoth(buses);
  return { ...desks, buses, tabs };
}

const ids = ({ board }: { board: Board }) => board.strokes.map(({ id }) => id);

test("a stroke that is not one is dropped", () => {
  const good: Stroke = { id: "c00000a", turn: 1, points: [0, 0, SIDE, SIDE] };
  assert.deepEqual(readStroke(good), good);
  const wrong: unknown[] = [
    null, 3, "x", {}, { ...good, id: "x00000a" }, { ...good, id: "c<b>" }, { ...good, turn: -1 }, { ...good, turn: 1e9 }, { ...good, turn: "1" },
    { ...good, points: [] }, { ...good, points: [1] }, { ...good, points: [1, 2, 3] }, { ...good, points: [1, SIDE + 1] },
    { ...good, points: [1, 0.5] }, { ...good, points: ["1", 2] }, { ...good, points: Array(1202).fill(1) }, { ...good, points: "1,2" },
  ];
  for (const body of wrong) assert.equal(readStroke(body), null, JSON.stringify(body)?.slice(0, 60));
  assert.deepEqual(readBoard({ strokes: wrong, gone: [1, "x", "c00000b"] }), { strokes: [], gone: ["c00000b"] });
  assert.deepEqual(readBoard("garbage"), EMPTY);
});

test("the order is the same however they come, and once is enough", () => {
  const strokes: Stroke[] = [
    { id: "c00000b", turn: 1, points: [1, 1] }, { id: "o00000a", turn: 1, points: [1, 1] }, { id: "c00000a", turn: 2, points: [1, 1] },
  ];
  const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0, 0, 1, 2]];
  for (const order of orders) {
    const board = order.reduce((so, i) => added(so, strokes[i] as Stroke), EMPTY);
    assert.deepEqual(ids({ board }), ["c00000b", "o00000a", "c00000a"]);
  }
});

test("what was taken away does not come back, and a full board takes no more", () => {
  const stroke: Stroke = { id: "c00000b", turn: 1, points: [1, 1] };
  const board = without(added(EMPTY, stroke), [stroke.id]);
  assert.deepEqual(added(board, stroke).strokes, []);
  let full: Board = EMPTY;
  for (let i = 0; i <= MANY; i++) full = added(full, { ...stroke, id: `o${String(i).padStart(6, "0")}` });
  assert.equal(full.strokes.length, MANY);
});

test("points that say nothing are left out, the ends never", () => {
  assert.deepEqual(thinned([0, 0, 1, 0, 2, 0, 10, 0, 11, 0]), [0, 0, 10, 0, 11, 0]);
  assert.deepEqual(thinned([5, 5]), [5, 5]);
  assert.equal(thinned(Array.from({ length: 4000 }, (_, i) => (i * 37) % SIDE)).length, 1200);
});

test("both draw, each takes away only what is its own", () => {
  const { o, c } = two();
  o.draw(line(1));
  c.draw(line(2));
  o.draw(line(3));
  assert.deepEqual(ids(o), ids(c));
  assert.equal(ids(o).length, 3);
  o.undo();
  assert.deepEqual(c.board.strokes.map(({ points }) => points[0]), [1, 2]);
  c.clearOwn();
  assert.deepEqual(o.board.strokes.map(({ points }) => points[0]), [1]);
  c.undo();
  assert.equal(o.board.strokes.length, 1);
});

test("a reload of either, and drawing while apart, lose nothing", () => {
  const { o, c, buses, tabs } = two();
  o.draw(line(1));
  c.draw(line(2));
  c.draw(line(3));
  for (const bus of buses) bus.close();
  o.draw(line(4));
  c.undo();
  const fresh = fakeBuses();
  const back = { o: open(fresh[0], "counsellor", tabs[0]), c: open(fresh[1], "client", tabs[1]) };
  back.c.draw(line(5));
  openBoth(fresh);
  // In this bus the second opens later than the first; as with a page that loads this late, it asks by itself.
  fresh[0].open({ id: "1", offerer: true, fingerprints: { mine: "", theirs: "" } });
  assert.deepEqual(ids(back.o), ids(back.c));
  assert.deepEqual(back.o.board.strokes.map(({ points }) => points[0]).sort(), [1, 2, 4, 5]);
});

test("a device that has nothing gets all back, its own too", () => {
  const { o, c, buses } = two();
  o.draw(line(1));
  c.draw(line(2));
  c.draw(line(3));
  const anew = open(buses[1], "client", { kept: null });
  assert.deepEqual(ids(anew), ids(o));
  anew.undo();
  assert.deepEqual(o.board.strokes.map(({ points }) => points[0]), [1, 2]);
});

test("nobody draws or takes away in another's name, and garbage changes nothing", () => {
  const { o, c, buses } = two();
  o.draw(line(1));
  const before = o.board;
  buses[1].send("board.stroke", { id: "o0zzzzz", turn: 9, points: [1, 1] });
  buses[1].send("board.gone", ids(o));
  for (const body of [null, 1, "x", [], {}, { have: 4, gone: "x" }, { have: [1], gone: [{}], asks: true }]) {
    for (const kind of ["board.hello", "board.stroke", "board.gone"]) buses[1].send(kind, body);
  }
  assert.deepEqual(o.board, before);
  assert.equal(c.board.strokes.length, 1);
});

test("what the channel has no room for goes out when it has", () => {
  const buses = fakeBuses();
  const o = open(buses[0], "counsellor", { kept: null });
  o.draw(line(1));
  o.draw(line(2));
  const c = open(buses[1], "client", { kept: null });
  const send = buses[0].send.bind(buses[0]);
  buses[0].send = (kind, body) => kind !== "board.stroke" && send(kind, body);
  openBoth(buses);
  assert.equal(c.board.strokes.length, 0);
  buses[0].send = send;
  buses[0].drain();
  assert.deepEqual(ids(c), ids(o));
});

test("at the end nothing stays", () => {
  const { o, tabs } = two();
  o.draw(line(1));
  assert.ok(tabs[0].kept);
  o.end();
  assert.deepEqual([tabs[0].kept, o.board.strokes], [null, []]);
});
