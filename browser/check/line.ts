// The line test against our own server, where no relay can be asked: at most 300 kB in all, and no part longer than six seconds.
import { rounds, type Line } from "./facts.js";
import { NOTHING_HEARD } from "../line/looks.js";
import { lineRate, oneWay } from "./figures.js";

const PINGS = 16;
const PING_WITHIN = 2000; // ms
const BETWEEN = 100;
const DOWN = 150_000; // bytes
const UP = 100_000;
const PART_WITHIN = 6000; // ms

export interface LineUrls {
  ping: string;
  down: string;
  up: string;
}

interface Moved {
  bytes: number;
  ms: number;
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export async function testLine(urls: LineUrls, progress: (part: number) => void): Promise<Line> {
  const pings: (number | null)[] = [];
  const until = performance.now() + 2 * PART_WITHIN;
  await ping(urls.ping); // opens the connection; not counted
  for (let i = 0; i < PINGS && performance.now() < until; i++) {
    pings.push(await ping(urls.ping));
    progress((i + 1) / (PINGS + 8));
    await sleep(BETWEEN);
  }
  const seen = rounds(pings);
  const way = { rtt: seen.rtt_ms, loss: oneWay(seen.loss) };
  const down_kbit = lineRate({ ...(await download(urls.down)), ...way });
  progress((PINGS + 4) / (PINGS + 8));
  const up_kbit = lineRate({ ...(await upload(urls.up)), ...way });
  progress(1);
  // Of a transfer nothing came, but answers did: as the room takes such a line.
  const least = pings.some((ms) => ms !== null) ? NOTHING_HEARD : 0;
  return { ...seen, loss: way.loss, down_kbit: Math.max(least, down_kbit), up_kbit: Math.max(least, up_kbit) };
}

async function ping(url: string): Promise<number | null> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PING_WITHIN);
  const begin = performance.now();
  try {
    await fetch(url, { cache: "no-store", signal: giveUp.signal });
    return performance.now() - begin;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Counts what came, also where it is cut off after six seconds. */
async function download(url: string): Promise<Moved> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PART_WITHIN);
  let bytes = 0;
  let begin = performance.now();
  try {
    const response = await fetch(`${url}?b=${DOWN}`, { cache: "no-store", signal: giveUp.signal });
    begin = performance.now();
    const reader = response.body?.getReader();
    if (!reader) bytes = (await response.arrayBuffer()).byteLength;
    else for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.byteLength;
  } catch {
    // what came until then counts
  } finally {
    clearTimeout(timer);
  }
  return { bytes, ms: Math.max(1, performance.now() - begin) };
}

/** By XMLHttpRequest, whose progress tells how much has gone when time is up. */
function upload(url: string): Promise<Moved> {
  return new Promise((resolve) => {
    const body = new Uint8Array(UP);
    for (let at = 0; at < UP; at += 65_536) crypto.getRandomValues(body.subarray(at, Math.min(at + 65_536, UP)));
    const request = new XMLHttpRequest();
    const begin = performance.now();
    let sent = 0;
    request.upload.onprogress = ({ loaded }) => (sent = loaded);
    request.onload = () => resolve({ bytes: request.status < 300 ? UP : 0, ms: performance.now() - begin });
    request.onerror = () => resolve({ bytes: 0, ms: PART_WITHIN });
    request.ontimeout = () => resolve({ bytes: sent, ms: PART_WITHIN });
    request.timeout = PART_WITHIN;
    request.open("POST", url);
    request.send(body);
  });
}
