// Which way packets may take, by which relay first, and what the other side may learn of our addresses. Pure.

/** Whether the practice has a relay, and whether the server found one of them well. */
export type Relay = "none" | "away" | "well";

/** What the server tells of ways. */
export interface Ice {
  servers: RTCIceServer[];
  relay: Relay;
  /** One of the two, or the practice, wants addresses hidden from the other side. */
  hidden: boolean;
}

export const urlsOf = (server: RTCIceServer): string[] => (Array.isArray(server.urls) ? server.urls : [server.urls]);

const isRelay = (server: RTCIceServer): boolean => urlsOf(server).some((url) => /^turns?:/.test(url));

/** Before admission through the relay alone, so that neither address is shown; then the shortest way, unless hidden. */
export function policyOf(ice: Ice, admitted: boolean): RTCIceTransportPolicy {
  if (ice.hidden) return ice.relay === "none" ? "all" : "relay"; // one that is away does not uncover anybody
  return ice.relay === "well" && !admitted ? "relay" : "all";
}

/** Whether the two browsers may look for each other already: where an address would be shown, the counsellor opens
 * the door first; where one was to stay hidden and cannot, only admission does it. */
export function mayMeet(known: { relay: Relay; hidden: boolean; door: boolean; admitted: boolean }): boolean {
  if (known.admitted) return true;
  if (known.hidden) return known.relay !== "none";
  return known.relay === "well" || known.door;
}

/** One spelling for one way: browsers tell of "turn:host:3478?transport=udp" what was given as "turn:host". */
export function wayOf(url: string): string {
  const [, scheme = "", host = "", port = "", transport = ""] =
    /^(turns?|stuns?):(\[[^\]]*\]|[^:?]*)(?::(\d+))?(?:\?transport=(\w+))?/.exec(url) ?? [];
  const secure = scheme.endsWith("s");
  return `${scheme}:${host.toLowerCase()}:${port || (secure ? 5349 : 3478)}/${transport || (secure ? "tcp" : "udp")}`;
}

/** Dead ways last: browsers prefer what stands first. Of STUN nothing is asked where the own address is no use. */
export function ranked(servers: RTCIceServer[], dead: ReadonlySet<string>, policy: RTCIceTransportPolicy): RTCIceServer[] {
  const isDead = (url: string): boolean => dead.has(wayOf(url));
  const sorted = <T>(items: T[], last: (item: T) => boolean): T[] => [...items.filter((i) => !last(i)), ...items.filter(last)];
  const kept = servers.filter((server) => policy === "all" || isRelay(server));
  return sorted(kept, (server) => urlsOf(server).some(isDead)).map((server) => ({ ...server, urls: sorted(urlsOf(server), isDead) }));
}

/** A candidate as the other side may see it, or null: under "relay" only the relay's address, not the one behind it. */
export function shownCandidate(candidate: RTCIceCandidateInit, policy: RTCIceTransportPolicy): RTCIceCandidateInit | null {
  if (policy === "all" || !candidate.candidate) return candidate;
  if (!/ typ relay\b/.test(candidate.candidate)) return null;
  return { ...candidate, candidate: blank(candidate.candidate) };
}

/** The same for the lines within a description, and for the default addresses that nobody uses any more. */
export function shownSdp(sdp: string, policy: RTCIceTransportPolicy): string {
  if (policy === "all") return sdp;
  return sdp
    .split("\r\n")
    .filter((line) => !line.startsWith("a=candidate:") || / typ relay\b/.test(line))
    .map((line) => {
      if (line.startsWith("a=candidate:")) return blank(line);
      if (line.startsWith("c=")) return "c=IN IP4 0.0.0.0";
      if (line.startsWith("a=rtcp:")) return "a=rtcp:9 IN IP4 0.0.0.0";
      if (line.startsWith("o=")) return line.replace(/ IN IP[46] \S+$/, " IN IP4 127.0.0.1");
      return line.replace(/^(m=(?:audio|video|application) )\d+/, (_, kind: string) => `${kind}9`);
    })
    .join("\r\n");
}

const blank = (line: string): string => line.replace(/ raddr \S+ rport \d+/, " raddr 0.0.0.0 rport 0");

type Row = { id: string; type: string } & Record<string, unknown>;

/** The pair of candidates in use: the relay's address as it was given to us (ours alone; the other side's is not
 * told), and a count that grows with every sign of life from the other side. */
export function inUse(rows: Iterable<Row>): { relay: string | null; signs: number } {
  const all = new Map([...rows].map((row) => [row.id, row]));
  const of = (type: string): Row[] => [...all.values()].filter((row) => row.type === type);
  const selected = of("transport").map((row) => row.selectedCandidatePairId).find((id) => id !== undefined);
  const pair = selected !== undefined ? all.get(String(selected)) : of("candidate-pair").find((row) => row.nominated === true && row.state === "succeeded");
  if (!pair) return { relay: null, signs: 0 };
  const local = all.get(String(pair.localCandidateId));
  const count = (name: string): number => (typeof pair[name] === "number" ? pair[name] : 0);
  return {
    relay: local?.candidateType === "relay" && typeof local.url === "string" ? local.url : null,
    signs: count("bytesReceived") + count("responsesReceived") + count("requestsReceived"),
  };
}
