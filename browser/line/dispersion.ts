// The rate of the narrowest place on a path, by how far apart messages arrive that were sent at once. Pure.

export const HEADERS = 93; // bytes around a message: IP, UDP, DTLS, SCTP

export interface Arrivals {
  count: number;
  size: number;
  /** ms from the first to the last. */
  span: number;
}

export const FASTEST = 2000; // kbit/s; closer together than that, arrivals tell nothing more

/** In kbit/s of whole packets; null where too few came to tell. */
export function rateOf({ count, size, span }: Arrivals): number | null {
  if (count < 2) return null;
  return Math.min(FASTEST, Math.round(((count - 1) * (size + HEADERS) * 8) / Math.max(span, 0.1)));
}
