// What each browser tells of itself, to the server, which tells the room, and straight to the other over the bus: either
// line may be the one that is there.
import type { Bus } from "../connection/bus.js";
import type { ClientFrame, DeviceState, OwnState } from "../connection/protocol.js";

const DEVICE: readonly unknown[] = ["on", "off", "ended", "none", "taken"] satisfies DeviceState[];

/** As far as it is ours; the rest is dropped. */
export function readOwnState(body: unknown): OwnState {
  const { mic, cam, hidden, screen } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  return {
    ...(DEVICE.includes(mic) ? { mic: mic as DeviceState } : {}),
    ...(DEVICE.includes(cam) ? { cam: cam as DeviceState } : {}),
    ...(typeof hidden === "boolean" ? { hidden } : {}),
    ...(typeof screen === "boolean" ? { screen } : {}),
  };
}

export class OwnWord {
  private told = "";

  constructor(
    private readonly bus: Bus,
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** `anew`: the other may not have heard it yet. */
  tell(own: OwnState, anew: boolean): void {
    const text = JSON.stringify(own);
    if (anew || text !== this.told) this.bus.send("state.now", own);
    if (text !== this.told && this.send({ t: "state", d: own })) this.told = text;
  }

  /** The server may have forgotten it. */
  forget(): void {
    this.told = "";
  }
}
