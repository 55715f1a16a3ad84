// Whether sound and picture could find a way at all, and whether the network lets UDP through to our own server.
import type { Path } from "./facts.js";

const WITHIN = 4000; // ms
const STUN_WITHIN = 6000;

/** Two connections of our own meet within this browser: if they can't, none will. */
export async function findPath(): Promise<Path> {
  if (typeof RTCPeerConnection !== "function") return "no";
  const pair: [RTCPeerConnection, RTCPeerConnection] = [new RTCPeerConnection(), new RTCPeerConnection()];
  try {
    pair[0].createDataChannel("path");
    return (await join(pair, WITHIN)) ? "yes" : "no";
  } catch {
    return "no";
  } finally {
    for (const pc of pair) pc.close();
  }
}

export async function join([a, b]: [RTCPeerConnection, RTCPeerConnection], within: number): Promise<boolean> {
  const done = new Promise<boolean>((resolve) => {
    a.onconnectionstatechange = () => {
      if (a.connectionState === "connected") resolve(true);
      if (a.connectionState === "failed") resolve(false);
    };
    setTimeout(() => resolve(false), within);
  });
  a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  await a.setLocalDescription();
  if (a.localDescription) await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  if (b.localDescription) await a.setRemoteDescription(b.localDescription);
  return done;
}

/** Whether our own server answers over UDP; null: not known. */
export async function udpAnswers(stun: string): Promise<boolean | null> {
  if (!stun || typeof RTCPeerConnection !== "function") return null;
  const pc = new RTCPeerConnection({ iceServers: [{ urls: stun }] });
  try {
    const told = new Promise<boolean | null>((resolve) => {
      let failed = false;
      pc.onicecandidateerror = () => (failed = true);
      pc.onicecandidate = ({ candidate }) => candidate?.type === "srflx" && resolve(true);
      // Where the address is the same inside and outside, none is told twice: that no error came is the answer then.
      pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && resolve(!failed);
      setTimeout(() => resolve(failed ? false : null), STUN_WITHIN);
    });
    pc.createDataChannel("path");
    await pc.setLocalDescription();
    return await told;
  } catch {
    return null;
  } finally {
    pc.close();
  }
}
