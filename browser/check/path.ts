// Whether sound and picture could find a way at all: WebRTC is there, and it finds addresses to be reached at.
import type { Path } from "./facts.js";

const WITHIN = 4000; // ms

export async function findPath(iceServers: RTCIceServer[]): Promise<Path> {
  if (typeof RTCPeerConnection !== "function") return "no";
  let a: RTCPeerConnection | null = null;
  let b: RTCPeerConnection | null = null;
  try {
    a = new RTCPeerConnection({ iceServers });
    b = new RTCPeerConnection({ iceServers });
    return await joined(a, b);
  } catch {
    return "no";
  } finally {
    a?.close();
    b?.close();
  }
}

/** Two connections of our own meet within this browser: if they can't, none will. */
async function joined(a: RTCPeerConnection, b: RTCPeerConnection): Promise<Path> {
  const done = new Promise<Path>((resolve) => {
    a.onconnectionstatechange = () => {
      if (a.connectionState === "connected") resolve("yes");
    };
    setTimeout(() => resolve("no"), WITHIN);
  });
  a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  a.createDataChannel("path");
  await a.setLocalDescription();
  if (a.localDescription) await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  if (b.localDescription) await a.setRemoteDescription(b.localDescription);
  return done;
}
