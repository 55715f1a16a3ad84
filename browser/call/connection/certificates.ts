// Which certificates a connection is bound to: what a description promises, and what the encryption really uses.

export interface Fingerprints {
  mine: string;
  theirs: string;
}

/** The one SHA-256 fingerprint of a description; null where there is none, another kind, or more than one. */
export function fingerprintIn(sdp: string | undefined): string | null {
  const found = new Set([...(sdp ?? "").matchAll(/^a=fingerprint:\s*(.*?)\s*$/gim)].map(([, line]) => (line ?? "").toLowerCase()));
  const [only] = found;
  return found.size === 1 ? (/^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec(only ?? "")?.[1]?.toUpperCase() ?? null) : null;
}

interface Row {
  id: string;
  type: string;
  fingerprint?: string;
  fingerprintAlgorithm?: string;
  localCertificateId?: string;
  remoteCertificateId?: string;
}

/** What the encrypted transport itself used, or null where the browser does not tell (Firefox). */
export function inUse(rows: Iterable<Row>): Fingerprints | null {
  const all = new Map([...rows].map((row) => [row.id, row]));
  const of = (id: string | undefined): string | null => {
    const row = id === undefined ? undefined : all.get(id);
    return row?.fingerprintAlgorithm === "sha-256" ? (row.fingerprint?.toUpperCase() ?? null) : null;
  };
  for (const row of all.values()) {
    if (row.type !== "transport") continue;
    const mine = of(row.localCertificateId);
    const theirs = of(row.remoteCertificateId);
    if (mine && theirs) return { mine, theirs };
  }
  return null;
}

export async function certificatesOf(report: Promise<RTCStatsReport> | null): Promise<Fingerprints | null> {
  const rows: Row[] = [];
  (await report)?.forEach((row: Row) => rows.push(row));
  return inUse(rows);
}
