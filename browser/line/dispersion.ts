// The rate of the narrowest place on a path, by how far apart messages arrive that were sent at once. Pure.

export const HEADERS = 93; // bytes around a message: IP, UDP, DTLS, SCTP

export interface Arrivals {
  /** Bytes of each message. */
  size: number;
  /** When each came, in ms, in the order in which they came. */
  at: readonly number[];
}

export const FASTEST = 2000; // kbit/s; closer together than that, arrivals tell nothing more
const ONE_PACKET = 0.5; // ms
const HALF_A_PACKET = 580; // bytes: two messages of more do not fit into one
const WAITED = 0.6; // of a round trip
/** ms that a gap is at least, and at most, to be such a wait: a large message is only sent where it takes less of the line. */
const SMALL_WAITS = { least: 400, most: Infinity };
const LARGE_WAITS = { least: 100, most: 200 };
const TOLD = 0.4; // share of the messages that must have come after another

/** In kbit/s of whole packets, of `count` messages; null where too few came to tell. `rtt`: round trip in ms, where it is
 * known. SCTP sends no more at once than it believes the path bears, at worst a single packet after a loss or on a way
 * longer than its patience (RFC 9260, 7.2): a gap of nearly a round trip is such a wait and tells nothing of the line, and
 * what came in one go is read by itself. Small messages that had to wait leave in one packet, not one by one. */
export function rateOf({ size, at }: Arrivals, rtt: number | null, count = at.length): number | null {
  const small = size < HALF_A_PACKET;
  const { least, most } = small ? SMALL_WAITS : LARGE_WAITS;
  const goes = together(at, Math.min(most, Math.max(least, WAITED * (rtt ?? 0))));
  let told = 0;
  let later = 0; // messages that came after the first packet of a go
  let ms = 0;
  for (const go of goes) {
    const [first = 0] = go;
    told += go.length - 1;
    later += go.filter((at) => at - first > (small ? ONE_PACKET : 0)).length;
    ms += (go[go.length - 1] ?? first) - first;
  }
  if (told < Math.max(1, Math.floor(TOLD * count))) return null;
  return later === 0 ? FASTEST : Math.min(FASTEST, Math.round((later * (size + HEADERS) * 8) / Math.max(ms, 0.1)));
}

function together(at: readonly number[], apart: number): number[][] {
  const goes: number[][] = [];
  at.forEach((ms, i) => {
    const before = at[i - 1];
    if (before === undefined || ms - before > apart) goes.push([ms]);
    else goes[goes.length - 1]?.push(ms);
  });
  return goes;
}
