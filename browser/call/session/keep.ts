// What was typed and is not yet known to be kept by the server: held in this tab only, and gone with it.

const PREFIX = "tatap.";

const storage = (): Storage | null => {
  try {
    return sessionStorage;
  } catch {
    return null; // switched off by the reader: then a reload forgets, and nothing else breaks
  }
};

export class Keep {
  constructor(private readonly code: string) {}

  read<T>(name: string, otherwise: T): T {
    const text = storage()?.getItem(this.key(name));
    if (!text) return otherwise;
    try {
      return JSON.parse(text) as T;
    } catch {
      return otherwise;
    }
  }

  write(name: string, value: unknown): void {
    try {
      if (value === null || value === "") storage()?.removeItem(this.key(name));
      else storage()?.setItem(this.key(name), JSON.stringify(value));
    } catch {
      // Full or switched off: the text is still in its field.
    }
  }

  /** At the end and at sign-out: a shared phone keeps nothing. */
  clear(): void {
    const store = storage();
    if (!store) return;
    for (const key of Object.keys(store)) if (key.startsWith(`${PREFIX}${this.code}.`)) store.removeItem(key);
  }

  private key(name: string): string {
    return `${PREFIX}${this.code}.${name}`;
  }
}

/** One id for the life of a tab: a reload is the same seat, another tab is not. */
export function tabId(): string {
  const store = storage();
  const known = store?.getItem(`${PREFIX}tab`);
  // A duplicated tab copies its storage; the browser tells by how the page was come to.
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (known && entry?.type === "reload") return known;
  const made = newKey();
  try {
    store?.setItem(`${PREFIX}tab`, made);
  } catch {
    // then each load is a new tab to the server, which does no harm
  }
  return made;
}

export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs TLS, a loopback trial has none
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
