// Whether sound and picture could find a way at all, and whether the network lets UDP through to our own server.
import type { Path } from "./facts.js";

const WITHIN = 10_000; // ms; a slow phone takes its time, and "no" leaves text alone
const STUN_WITHIN = 12_000; // the browser itself gives up after ten
const LOOPBACK = /^(localhost|127\.|\[::1\])/; // no other address of the machine reaches it

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
  if (!stun || LOOPBACK.test(location.hostname) || typeof RTCPeerConnection !== "function") return null;
  const pc = new RTCPeerConnection({ iceServers: [{ urls: stun }] });
  try {
    const told = new Promise<boolean | null>((resolve) => {
      let asked = 0;
      let failed = 0;
      pc.onicecandidateerror = () => (failed += 1);
      pc.onicecandidate = ({ candidate }) => {
        if (candidate?.type === "srflx") resolve(true);
        if (candidate?.type === "host" && candidate.protocol === "udp") asked += 1;
      };
      // Where the address is the same inside and outside, none is told twice: an answer came by an address without
      // error. One that has no way to the server (IPv6, a second card) says nothing while another has.
      const answered = (): boolean | null => (asked > failed ? true : failed > 0 ? false : null);
      pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && resolve(answered());
      setTimeout(() => resolve(null), STUN_WITHIN);
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
