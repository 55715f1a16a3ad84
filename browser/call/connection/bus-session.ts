// Who the bus is between: the fingerprints in force, out of the descriptions.
import { fingerprintIn } from "./certificates.js";

export interface BusSession {
  /** Another one for each connection. */
  id: string;
  /** Made the first offer. */
  offerer: boolean;
  /** SHA-256 of the certificates in use, as the descriptions have them. */
  fingerprints: { mine: string; theirs: string };
}

export function busSession(pc: RTCPeerConnection, id: string, offerer: boolean): BusSession | null {
  const mine = fingerprintIn(pc.currentLocalDescription?.sdp);
  const theirs = fingerprintIn(pc.currentRemoteDescription?.sdp);
  return mine && theirs ? { id, offerer, fingerprints: { mine, theirs } } : null;
}
