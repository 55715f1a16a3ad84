// Letting somebody in is the counsellor's decision: her own picture goes at once and her client is told straight, over
// the encrypted way between the two; the server is told as well and keeps it.
import type { Bus } from "../connection/bus.js";
import type { ClientFrame, Role, ServerFrame } from "../connection/protocol.js";

export class Admission {
  /** Whom we let in while the server does not yet say so. */
  private waiting: number | null = null;

  constructor(
    private readonly bus: Bus,
    role: Role,
    private readonly send: (frame: ClientFrame) => boolean,
    private readonly letIn: () => void,
  ) {
    if (role === "client") bus.on("pre.admit", () => letIn());
  }

  admit(user: number): void {
    if (!this.send({ t: "admit", user })) return;
    this.waiting = user;
    this.bus.send("pre.admit", true);
    this.letIn();
  }

  /** Once the line is back, or the server could not keep it before. */
  again(): void {
    if (this.waiting !== null) this.send({ t: "admit", user: this.waiting });
  }

  onFrame(frame: ServerFrame): void {
    if (frame.t === "admitted") this.waiting = null;
    else if (frame.t === "refused" && frame.what === "admit" && frame.reason !== "later") location.reload(); // not hers to do any more
  }
}
