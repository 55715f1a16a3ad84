// What the line takes, guessed from how fast this page itself came: better than nothing until it is measured. Pure.

export interface Fetched {
  /** Bytes over the line; 0 out of the browser's own store. */
  transferSize: number;
  responseStart: number;
  responseEnd: number;
}

const LARGE = 8000; // bytes; smaller ones tell of the round trip, not of the rate

/** kbit/s, or null where nothing large was fetched. The best of them: several share the line at once. */
export function guessed(fetched: readonly Fetched[]): number | null {
  const rates = fetched
    .filter(({ transferSize }) => transferSize > LARGE)
    .map(({ transferSize, responseStart, responseEnd }) => (8 * transferSize) / Math.max(1, responseEnd - responseStart));
  return rates.length ? Math.round(Math.max(...rates)) : null;
}
