// The board of two: each keeps all of it in its tab, and each time they find each other both give what the other lacks.
import type { Bus } from "../../connection/bus.js";
import type { Role } from "../../connection/protocol.js";
import {
  added, idsOf, isFull, lastOf, nextTurn, readBoard, readIds, readStroke, roleOf, strokeId, thinned, without, type Board, type Stroke,
} from "./model.js";

export interface BoardOptions {
  bus: Bus;
  role: Role;
  kept: unknown;
  keep: (board: Board | null) => void;
  random: () => string;
  /** `theirs`: the other drew. */
  changed: (theirs: boolean) => void;
}

export class BoardDesk {
  private current: Board;
  /** Our own strokes come back from the other only where this page began with none. */
  private bare: boolean;
  /** What the channel had no room for yet. */
  private waiting: Stroke[] = [];

  constructor(private readonly options: BoardOptions) {
    const { bus, role, kept } = options;
    this.current = readBoard(kept);
    this.bare = idsOf(this.current, role).length === 0;
    bus.on("board.hello", (body) => this.onHello(body));
    bus.on("board.stroke", (body) => this.onStroke(body));
    bus.on("board.gone", (body) => this.onGone(readIds(body)));
    bus.onOpen(() => this.hello(false)); // the other says it as well
    bus.onDrain(() => this.flush());
    this.hello(true);
  }

  get board(): Board {
    return this.current;
  }

  get full(): boolean {
    return isFull(this.current);
  }

  /** Whether there is a stroke of ours. */
  get drew(): boolean {
    return lastOf(this.current, this.options.role) !== null;
  }

  draw(line: number[]): void {
    if (line.length < 2 || this.full) return;
    const stroke = { id: strokeId(this.options.role, this.options.random()), turn: nextTurn(this.current), points: thinned(line) };
    this.bare = false;
    this.set(added(this.current, stroke), false);
    this.options.bus.send("board.stroke", stroke); // not sent: the next hello brings it
  }

  undo(): void {
    const last = lastOf(this.current, this.options.role);
    if (last) this.takeAway([last.id]);
  }

  /** Only what we drew ourselves; the other's strokes are the other's. */
  clearOwn(): void {
    this.takeAway(idsOf(this.current, this.options.role));
  }

  /** The session is over: nothing stays. */
  end(): void {
    this.current = { strokes: [], gone: [] };
    this.options.keep(null);
    this.options.changed(false);
  }

  private takeAway(ids: string[]): void {
    if (ids.length === 0) return;
    this.set(without(this.current, ids), false);
    this.options.bus.send("board.gone", ids);
  }

  private hello(asks: boolean): void {
    const { strokes, gone } = this.current;
    this.options.bus.send("board.hello", { have: strokes.map(({ id }) => id), gone, asks });
  }

  private onHello(body: unknown): void {
    if (typeof body !== "object" || body === null) return;
    const { have, gone, asks } = body as Record<string, unknown>;
    const known = new Set(readIds(have));
    this.onGone(readIds(gone));
    if (asks === true) this.hello(false);
    this.waiting = this.current.strokes.filter(({ id }) => !known.has(id));
    this.flush();
  }

  private flush(): void {
    let [next] = this.waiting;
    while (next && this.options.bus.send("board.stroke", next)) {
      this.waiting.shift();
      [next] = this.waiting;
    }
  }

  private onStroke(body: unknown): void {
    const stroke = readStroke(body);
    if (!stroke) return;
    const own = roleOf(stroke.id) === this.options.role;
    if (own && !this.bare) return; // nobody draws in another's colour
    this.set(added(this.current, stroke), !own);
  }

  private onGone(ids: string[]): void {
    const { role } = this.options;
    this.set(without(this.current, ids.filter((id) => roleOf(id) !== role || this.bare)), true);
  }

  private set(board: Board, theirs: boolean): void {
    if (board === this.current) return;
    const grew = board.strokes.length > this.current.strokes.length;
    this.current = board;
    this.options.keep(board.strokes.length || board.gone.length ? board : null);
    this.options.changed(theirs && grew);
  }
}
