// Whether the other's page hears us by way of the server, before a path is offered to it: for some seconds the server counts
// somebody as there whose line is gone. An offer made in vain is no small matter: with it the browser has taken new ports and
// keys, and the old path cannot come back by itself any more (seek.ts).
import type { SignalData } from "./protocol.js";

const WITHIN = 4000; // ms

export class Hearing {
  private readonly waiting: ((heard: boolean) => void)[] = [];

  constructor(private readonly send: (data: SignalData) => boolean) {}

  /** Whether anything comes from there in time. */
  ask(): Promise<boolean> {
    if (!this.send({ pc: "", to: null, want: "word" })) return Promise.resolve(false);
    return new Promise((done) => {
      this.waiting.push(done);
      setTimeout(() => done(false), WITHIN);
    });
  }

  /** Something came from there; true where it was about this alone. */
  take({ want, word }: SignalData): boolean {
    for (const done of this.waiting.splice(0)) done(true);
    if (want === "word") this.send({ pc: "", to: null, word: true });
    return want === "word" || word === true;
  }
}
