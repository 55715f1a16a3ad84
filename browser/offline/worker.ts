// Stands in where the room's page cannot be fetched: a reload in an outage shows what was agreed instead of the
// browser's own error. Keeps one neutral page and what it needs; never a page of anybody's session.
import { assetsOf, isRoom } from "./assets.js";

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  addEventListener(kind: "install" | "activate", listener: (event: Waiting) => void): void;
  addEventListener(kind: "fetch", listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const scope = self as unknown as Scope;
const STORE = "tatap-offline";
const PAGE = "/ruang/luring/";
const WITHIN = 8000; // ms: a line that does not answer for so long is as good as gone
let fresh = false;

async function fill(): Promise<void> {
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok) return;
  const store = await caches.open(STORE);
  const assets = assetsOf(await page.clone().text());
  await Promise.all(assets.map(async (address) => (await store.match(address)) ?? store.add(address)));
  await store.put(PAGE, page);
  const kept = new Set([PAGE, ...assets]);
  for (const { url } of await store.keys()) {
    const { pathname } = new URL(url);
    if (!kept.has(pathname)) await store.delete(pathname);
  }
  fresh = true;
}

async function room(event: Fetching): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<never>((_done, fail) => (timer = setTimeout(() => fail(new Error("late")), WITHIN)));
    const answer = await Promise.race([fetch(event.request), late]);
    if (!fresh) event.waitUntil(fill().catch(() => undefined));
    return answer;
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

scope.addEventListener("install", (event) => event.waitUntil(fill().then(() => scope.skipWaiting())));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    if (isRoom(pathname)) event.respondWith(room(event));
  } else if (pathname.startsWith("/static/") && event.request.destination !== "") {
    event.respondWith(asset(event.request));
  }
});
