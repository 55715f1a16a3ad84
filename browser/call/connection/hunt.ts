// Opens a socket to a server that cannot be reached, until it can be. A connection that is begun while nothing passes asks
// again after 1, 3, 7, 15 s (RFC 6298), and a fetch waits for one of those begun before it: so a new socket is tried every
// few seconds. Chromium holds one that follows many failed ones back for up to five seconds, and lets only one at a time
// connect to an address: each is therefore begun early enough to take its turn when the one before it is given up.

const WAITS = 2000; // ms until it asks again
const LONG_TURN = 8000; // ms, for a line that has become thin meanwhile
const LONG_EVERY = 4;
const HELD_BACK = 5500; // ms
const REFUSED = { pause: 300, longer: 1.4, longest: 2000 }; // ms
const AT_ONCE = -2; // after a move Chromium may take the first down with those of the old network
const OFFLINE = 10_000; // ms between tries where the browser says that there is no network

export interface HuntOptions {
  url: string;
  /** ms in which a socket opens where it can. */
  within: () => number;
}

export class Hunt {
  private readonly tries = new Map<WebSocket, ReturnType<typeof setTimeout>>();
  private next: ReturnType<typeof setTimeout> | undefined;
  /** How often in a row; below zero no pause is made. */
  private refusals = 0;
  private count = 0;
  private done: ((socket: WebSocket | null) => void) | null = null;

  constructor(private readonly options: HuntOptions) {}

  /** The first that opens; null once stopped. */
  open(): Promise<WebSocket | null> {
    return new Promise((resolve) => {
      this.done = resolve;
      this.refusals = Math.min(0, this.refusals);
      this.count = 0;
      this.begin();
    });
  }

  /** The device is on another network, where what was begun comes to nothing, or the page is looked at again. */
  anew(): void {
    this.refusals = AT_ONCE;
    if (!this.done) return;
    this.forget();
    this.begin();
  }

  stop(): void {
    this.finish(null);
  }

  private begin(): void {
    const turn = Math.max(WAITS + this.options.within(), ++this.count % LONG_EVERY === 0 ? LONG_TURN : 0);
    const socket = new WebSocket(this.options.url);
    this.tries.set(socket, setTimeout(() => this.drop(socket), turn + HELD_BACK));
    socket.onopen = () => this.finish(socket);
    socket.onclose = () => this.refused(socket);
    this.after(navigator.onLine ? turn : OFFLINE);
  }

  private after(ms: number): void {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.begin(), ms);
  }

  /** Closed by the other end, or by a browser without a network. */
  private refused(socket: WebSocket): void {
    this.drop(socket);
    if (this.tries.size > 0 || !navigator.onLine) return;
    this.after(this.refusals < 0 ? 0 : Math.min(REFUSED.longest, REFUSED.pause * REFUSED.longer ** this.refusals));
    this.refusals += 1;
  }

  private drop(socket: WebSocket): void {
    clearTimeout(this.tries.get(socket));
    this.tries.delete(socket);
    socket.onopen = socket.onclose = null;
    socket.close();
  }

  private forget(): void {
    clearTimeout(this.next);
    for (const socket of [...this.tries.keys()]) this.drop(socket);
  }

  private finish(socket: WebSocket | null): void {
    if (socket) {
      clearTimeout(this.tries.get(socket));
      this.tries.delete(socket);
      this.refusals = 0;
    }
    this.forget();
    this.done?.(socket);
    this.done = null;
  }
}
