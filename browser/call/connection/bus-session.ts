// Who the bus is between: the fingerprints in force, out of the descriptions.
import type { BusSession } from "./bus.js";
import { fingerprintIn } from "./certificates.js";

export function busSession(pc: RTCPeerConnection, id: string, offerer: boolean): BusSession | null {
  const mine = fingerprintIn(pc.currentLocalDescription?.sdp);
  const theirs = fingerprintIn(pc.currentRemoteDescription?.sdp);
  return mine && theirs ? { id, offerer, fingerprints: { mine, theirs } } : null;
}
