// Our own pages, asked by JSON. An answer is a value, never an exception: lines break.

export interface Answer {
  /** 0: nothing came back. */
  status: number;
  body: unknown;
}

const WITHIN = 10_000; // ms

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), WITHIN);
  try {
    const response = await fetch(url, { ...init, cache: "no-store", redirect: "manual", signal: giveUp.signal });
    if (response.type === "opaqueredirect") return { status: 401, body: null }; // sent to the sign-in page
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}

export const get = (url: string): Promise<Answer> => ask(url, { headers: { Accept: "application/json" } });

export const post = (url: string, csrf: string, body: unknown = {}): Promise<Answer> =>
  ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
