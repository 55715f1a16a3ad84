// One check of one encrypted connection: commit, answer, reveal, sign. Pure but for the tools it is given; the same
// frames always lead to the same place, and every way out of it has a name.
import {
  commitmentOf, fromHex, HASH, IDENTITY, NONCE, same, SIGNATURE, signedBy, toHex, transcriptOf,
  type Bytes, type Ground, type Side,
} from "./transcript.js";

/**
 * garbled: not one of our frames; order: a frame out of its turn, or a second check in one connection;
 * reflected: our own identity or number came back; commitment: what was revealed is not what was promised, so the
 * two ends do not see the same connection; signature: not made by the identity it names.
 */
export type RunAbort = "garbled" | "order" | "reflected" | "commitment" | "signature";

export interface Tools {
  random(length: number): Bytes;
  digest(data: Bytes): Promise<Bytes>;
  sign(data: Bytes): Promise<Bytes>;
  verify(identity: Bytes, signature: Bytes, data: Bytes): Promise<boolean>;
}

export interface Me {
  side: Side;
  ground: Ground; // side b learns the attempt from side a
  identity: Bytes;
}

export type Run =
  | { at: "listening" }
  | { at: "committed"; nonce: Bytes }
  | { at: "answered"; nonce: Bytes; commitment: Bytes; attempt: number }
  | { at: "agreed" | "proved"; hash: Bytes; peer: Bytes }
  | { at: "aborted"; why: RunAbort };

export type FrameKind = "commit" | "nonce" | "reveal" | "sign";
export const FRAMES: readonly FrameKind[] = ["commit", "nonce", "reveal", "sign"];

export interface Frame {
  kind: FrameKind;
  body: Record<string, unknown>;
}

export interface Step {
  run: Run;
  send: Frame[];
}

const HIGHEST_ATTEMPT = 1_000_000;
const stay = (run: Run): Step => ({ run, send: [] });
const abort = (why: RunAbort): Step => stay({ at: "aborted", why });

export async function begin(me: Me, tools: Tools): Promise<Step> {
  if (me.side === "b") return stay({ at: "listening" });
  const nonce = tools.random(NONCE);
  const commitment = await tools.digest(commitmentOf(me.ground, me.identity, nonce));
  const body = { attempt: me.ground.attempt, c: toHex(commitment) };
  return { run: { at: "committed", nonce }, send: [{ kind: "commit", body }] };
}

export async function receive(me: Me, run: Run, frame: { kind: FrameKind; body: unknown }, tools: Tools): Promise<Step> {
  if (run.at === "aborted") return stay(run);
  const body = frame.body;
  if (typeof body !== "object" || body === null) return abort("garbled");
  const fields = body as Record<string, unknown>;
  switch (`${run.at} ${frame.kind}`) {
    case "listening commit":
      return onCommit(me, fields, tools);
    case "committed nonce":
      return onNonce(me, run as Run & { at: "committed" }, fields, tools);
    case "answered reveal":
      return onReveal(me, run as Run & { at: "answered" }, fields, tools);
    case "agreed sign":
      return onSign(me, run as Run & { at: "agreed" }, fields, tools);
    default:
      return abort("order");
  }
}

async function onCommit(me: Me, body: Record<string, unknown>, tools: Tools): Promise<Step> {
  const commitment = fromHex(body.c, HASH);
  const attempt = body.attempt;
  const counted = typeof attempt === "number" && Number.isInteger(attempt) && attempt >= 1 && attempt <= HIGHEST_ATTEMPT;
  if (!commitment || !counted) return abort("garbled");
  const nonce = tools.random(NONCE);
  const answer: Frame = { kind: "nonce", body: { n: toHex(nonce), id: toHex(me.identity) } };
  return { run: { at: "answered", nonce, commitment, attempt }, send: [answer] };
}

async function onNonce(me: Me, run: Run & { at: "committed" }, body: Record<string, unknown>, tools: Tools): Promise<Step> {
  const nb = fromHex(body.n, NONCE);
  const idb = fromHex(body.id, IDENTITY);
  if (!nb || !idb) return abort("garbled");
  if (same(nb, run.nonce) || same(idb, me.identity)) return abort("reflected");
  const hash = await tools.digest(transcriptOf(me.ground, me.identity, idb, run.nonce, nb));
  const reveal: Frame = { kind: "reveal", body: { n: toHex(run.nonce), id: toHex(me.identity) } };
  return { run: { at: "agreed", hash, peer: idb }, send: [reveal, await signature("a", hash, tools)] };
}

async function onReveal(me: Me, run: Run & { at: "answered" }, body: Record<string, unknown>, tools: Tools): Promise<Step> {
  const na = fromHex(body.n, NONCE);
  const ida = fromHex(body.id, IDENTITY);
  if (!na || !ida) return abort("garbled");
  if (same(na, run.nonce) || same(ida, me.identity)) return abort("reflected");
  const ground = { ...me.ground, attempt: run.attempt };
  if (!same(await tools.digest(commitmentOf(ground, ida, na)), run.commitment)) return abort("commitment");
  const hash = await tools.digest(transcriptOf(ground, ida, me.identity, na, run.nonce));
  return { run: { at: "agreed", hash, peer: ida }, send: [await signature("b", hash, tools)] };
}

async function onSign(me: Me, run: Run & { at: "agreed" }, body: Record<string, unknown>, tools: Tools): Promise<Step> {
  const signed = fromHex(body.s, SIGNATURE);
  if (!signed) return abort("garbled");
  const data = signedBy(me.side === "a" ? "b" : "a", run.hash);
  if (!(await tools.verify(run.peer, signed, data))) return abort("signature");
  return stay({ at: "proved", hash: run.hash, peer: run.peer });
}

async function signature(side: Side, hash: Bytes, tools: Tools): Promise<Frame> {
  return { kind: "sign", body: { s: toHex(await tools.sign(signedBy(side, hash))) } };
}
