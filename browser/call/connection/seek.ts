// Tries the addresses known of the other again. Where a path brought no answer for fifteen seconds Chromium gives up its
// pairs, and then waits for a new description; but told of an address as if it were another one, it makes a pair of it and
// asks it twenty times a second. So sound is back a round trip after the line, without the server, a socket or an offer.

const ADDRESS = /^a=candidate:\S+ (.*)$/gm;
const NOT_TO_BE_CALLED = /tcptype active/;
const ALIVE: ReadonlySet<unknown> = new Set(["waiting", "in-progress", "succeeded"]);

/** The candidates of a description for its first section, on which all travels, as of foundation `name`. */
export function renamed(sdp: string, name: string): RTCIceCandidateInit[] {
  const section = sdp.split(/(?=^m=)/m)[1] ?? "";
  const usernameFragment = /^a=ice-ufrag:(\S+)/m.exec(section)?.[1];
  const told = new Set([...section.matchAll(ADDRESS)].map(([, rest = ""]) => rest.trim())); // those renamed before as well
  return [...told]
    .filter((rest) => !NOT_TO_BE_CALLED.test(rest))
    .map((rest) => ({ candidate: `candidate:${name} ${rest}`, sdpMLineIndex: 0, usernameFragment }));
}

/** Makes pairs of what is known; false where there are some that are asked. `time`: a number not used before, since a
 * browser knows a candidate again by its foundation too. */
export async function seek(pc: RTCPeerConnection, time: number): Promise<boolean> {
  const rows = [...(await pc.getStats()).values()] as { type: string; state?: string }[];
  if (rows.some(({ type, state }) => type === "candidate-pair" && ALIVE.has(state))) return false;
  const { sdp = "" } = pc.currentRemoteDescription ?? {};
  for (const one of renamed(sdp, `again${time}`)) await pc.addIceCandidate(one).catch(() => undefined);
  return true;
}
