// What another browser tells of itself over the bus.
import type { DeviceState, OwnState } from "../connection/protocol.js";

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
