// Notes that were not yet heard outlive a reload: sealed in the browser's database with a key that only this tab
// holds, so that once the tab is closed nobody can read them, on a shared phone least of all.
import type { NoteType } from "../../media/note-recorder.js";
import type { NoteKey } from "./format.js";

export interface Stored extends NoteKey {
  data: Uint8Array;
  seconds: number;
  type: NoteType;
}

interface Row extends NoteKey {
  id: string;
  owner: string;
  /** ms since 1970 */
  at: number;
  seconds: number;
  type: NoteType;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

const NAME = "tatap.notes";
const OLD = 12 * 3_600_000; // ms: a session is long over then

/** What the store asks of a database; the browser's may be refused. */
export interface Rows {
  all(): Promise<Row[]>;
  put(row: Row): Promise<void>;
  remove(id: string): Promise<void>;
}

export class NoteStore {
  private key: Promise<CryptoKey> | null = null;
  private failed = false;

  /** `owner`: whose notes, in which session. `secret`: 32 bytes; null where this tab can keep nothing. */
  constructor(
    private readonly owner: string,
    private readonly secret: Uint8Array | null,
    private readonly now: () => number,
    private readonly rows: Rows = browserRows(),
  ) {}

  /** False: notes live only as long as this page. */
  get lasting(): boolean {
    return this.secret !== null && !this.failed;
  }

  async load(): Promise<Stored[]> {
    const found: Stored[] = [];
    const rows = await this.rows.all().catch(() => this.fail([]));
    for (const row of rows) {
      if (this.now() - row.at > OLD) await this.drop(row.id);
      else if (row.owner === this.owner) {
        const note = await this.unsealed(row);
        if (note) found.push(note); // else of another tab, whose key only that one holds
      }
    }
    return found.sort((a, b) => a.n - b.n);
  }

  async put({ stream, n, seconds, type, data }: Stored): Promise<void> {
    if (!this.secret) return;
    try {
      const id = this.id({ stream, n });
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt(this.bound(iv, id), await this.opened(), data as Uint8Array<ArrayBuffer>);
      await this.rows.put({ id, owner: this.owner, at: this.now(), stream, n, seconds, type, iv, sealed });
    } catch {
      this.fail(null);
    }
  }

  remove(key: NoteKey): Promise<void> {
    return this.drop(this.id(key));
  }

  /** At the end and at sign-out. */
  async clear(): Promise<void> {
    const rows = await this.rows.all().catch(() => []);
    for (const { id, owner } of rows) if (owner === this.owner) await this.drop(id);
  }

  private id({ stream, n }: NoteKey): string {
    return `${this.owner}/${stream}.${n}`;
  }

  private fail<T>(instead: T): T {
    this.failed = true;
    return instead;
  }

  private drop(id: string): Promise<void> {
    return this.rows.remove(id).catch(() => undefined);
  }

  private opened(): Promise<CryptoKey> {
    const raw = this.secret as Uint8Array<ArrayBuffer>;
    this.key ??= crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    return this.key;
  }

  private bound(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
  }

  private async unsealed({ id, stream, n, seconds, type, iv, sealed }: Row): Promise<Stored | null> {
    if (!this.secret) return null;
    try {
      const data = await crypto.subtle.decrypt(this.bound(iv, id), await this.opened(), sealed);
      return { stream, n, seconds, type, data: new Uint8Array(data) };
    } catch {
      return null;
    }
  }
}

function browserRows(): Rows {
  let database: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> =>
    (database ??= new Promise((done, fail) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("notes", { keyPath: "id" });
      request.onsuccess = () => done(request.result);
      request.onerror = request.onblocked = () => fail(request.error);
    }));
  const ask = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const transaction = (await open()).transaction("notes", mode);
    const request = act(transaction.objectStore("notes"));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  };
  return {
    all: () => ask("readonly", (store) => store.getAll() as IDBRequest<Row[]>),
    put: async (row) => void (await ask("readwrite", (store) => store.put(row))),
    remove: async (id) => void (await ask("readwrite", (store) => store.delete(id))),
  };
}
