// The order of what was written, and what of it is still on its way. Pure.
import type { ChatLine } from "../connection/protocol.js";
import type { Pending } from "./state.js";

/** Each line once, in the server's order. */
export function merged(known: readonly ChatLine[], more: readonly ChatLine[]): ChatLine[] {
  const byKey = new Map<string, ChatLine>();
  for (const line of [...known, ...more]) byKey.set(line.key, line);
  return [...byKey.values()].sort((a, b) => a.n - b.n);
}

/** What the server has kept is no longer pending. */
export function stillPending(pending: readonly Pending[], lines: readonly ChatLine[]): Pending[] {
  const kept = new Set(lines.map(({ key }) => key));
  return pending.filter(({ key }) => !kept.has(key));
}
