// A key of this device for this one pair of people, and the other's devices that both have confirmed. The key cannot be
// taken out of the browser. Where the browser keeps nothing it lives as long as the page, and the page says so.
import type { Tools } from "./run.js";
import { same, toHex, type Bytes } from "./transcript.js";

export interface Peer {
  id: Bytes;
  /** When both had said that the words match; ms since 1970, by the server's clock. */
  on: number;
}

export interface Identity {
  id: Bytes;
  /** false: the browser keeps nothing, and the words have to be read each time. */
  remembers: boolean;
  peers: Peer[];
  tools: Tools;
  remember(id: Bytes, on: number): Promise<void>;
  forget(id: Bytes): Promise<void>;
}

interface Kept {
  pair: string;
  keys: CryptoKeyPair;
  peers: Peer[];
}

const DATABASE = "tatap";
const STORE = "pairs";
const DEVICES = 8; // of the other's, the newest
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** Throws where the browser has no cryptography (a page that came without TLS). */
export async function identityOf(me: number, other: number): Promise<Identity> {
  const pair = await nameOf(me, other);
  const made = await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  let kept: Kept = { pair, keys: made, peers: [] };
  let remembers = true;
  try {
    kept = await change(pair, (before) => before ?? kept);
  } catch {
    remembers = false;
  }
  const id = new Uint8Array(await crypto.subtle.exportKey("raw", kept.keys.publicKey));
  const store = async (peers: (now: Peer[]) => Peer[]): Promise<void> => {
    const { keys } = kept;
    if (remembers) await change(pair, (before) => ({ pair, keys: before?.keys ?? keys, peers: peers(before?.peers ?? []) })).catch(() => undefined);
  };
  return {
    id,
    remembers,
    peers: kept.peers,
    tools: toolsOf(kept.keys.privateKey),
    remember: (peer, on) => store((now) => [...without(now, peer), { id: peer, on }].slice(-DEVICES)),
    forget: (peer) => store((now) => without(now, peer)),
  };
}

const without = (peers: Peer[], id: Bytes): Peer[] => peers.filter((peer) => !same(peer.id, id));

export function toolsOf(privateKey: CryptoKey): Tools {
  const { subtle } = crypto;
  return {
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    digest: async (data) => new Uint8Array(await subtle.digest("SHA-256", data)),
    sign: async (data) => new Uint8Array(await subtle.sign(SIGNING, privateKey, data)),
    verify: async (identity, signature, data) => {
      try {
        const key = await subtle.importKey("raw", identity, ECDSA, false, ["verify"]);
        return await subtle.verify(SIGNING, key, signature, data);
      } catch {
        return false; // not a point of the curve
      }
    },
  };
}

/** Nobody who opens the browser's storage reads who met whom. */
async function nameOf(me: number, other: number): Promise<string> {
  const named = new TextEncoder().encode(`tatap-pair ${me} ${other}`);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", named)));
}

/** Reads, changes and writes one pair in one transaction: two tabs do not make two keys. */
function change(pair: string, to: (before: Kept | null) => Kept): Promise<Kept> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "pair" });
    opening.onerror = opening.onblocked = () => reject(opening.error ?? new Error("blocked"));
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, "readwrite");
      const store = transaction.objectStore(STORE);
      let after: Kept | undefined;
      const reading = store.get(pair);
      reading.onsuccess = () => {
        after = to(usable(reading.result));
        store.put(after);
      };
      transaction.oncomplete = () => {
        database.close();
        if (after) resolve(after);
      };
      transaction.onabort = transaction.onerror = () => {
        database.close();
        reject(transaction.error ?? new Error("not kept"));
      };
    };
  });
}

function usable(value: unknown): Kept | null {
  const kept = value as Partial<Kept> | undefined;
  return kept?.pair && kept.keys?.privateKey && Array.isArray(kept.peers) ? (kept as Kept) : null;
}
