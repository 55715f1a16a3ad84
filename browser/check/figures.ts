// What single answers tell of a line. Pure.

/** Share lost in one direction, of a share lost there and back. */
export const oneWay = (lost: number): number => Math.round(1000 * (1 - Math.sqrt(1 - Math.max(0, Math.min(1, lost))))) / 1000;

/** How many are lost in a row, on average; 1 where none is. */
export function runs(came: readonly boolean[]): number {
  const lost = came.filter((it) => !it).length;
  const begun = came.filter((it, i) => !it && came[i - 1] !== false).length;
  return begun ? Math.round((10 * lost) / begun) / 10 : 1;
}

const SEGMENT = 1460; // bytes
const WINDOW = 10 * SEGMENT; // sent at once in the beginning (RFC 6928)
const MATHIS = 1.22; // Mathis, Semke, Mahdavi, Ott: The macroscopic behavior of TCP congestion avoidance, 1997
const MOST = 4; // times what was seen: more cannot be told from a transfer that losses held back

/** kbit/s of the line, of a transfer over TCP that took `ms` from its first byte: TCP begins slowly, and waits where
 * something is lost, so on a long way with losses it is slower than the line. */
export function lineRate({ bytes, ms, rtt, loss }: { bytes: number; ms: number; rtt: number; loss: number }): number {
  if (bytes <= 0 || ms <= 0) return 0;
  const begun = Math.max(0, Math.ceil(Math.log2(bytes / WINDOW + 1)) - 1) * rtt;
  const seen = (8 * bytes) / Math.max(ms - begun, ms / 3);
  if (loss <= 0 || rtt <= 0) return Math.round(seen);
  const bound = (MATHIS * SEGMENT * 8) / (rtt * Math.sqrt(loss));
  return Math.round(Math.min(MOST * seen, seen / Math.max(1 / MOST, 1 - seen / bound)));
}
