// A middle that sits in the connection from the start, and what grinding wins it: with a commitment nothing beyond one
// blind throw at each try that the two people see; without one, everything.
import assert from "node:assert/strict";
import { createHash, randomFillSync } from "node:crypto";
import { test } from "node:test";
import { commitmentOf, IDENTITY, NONCE, transcriptOf, wordsOf, type Bytes, type Ground } from "./transcript.js";

const fresh = (length: number): Bytes => randomFillSync(new Uint8Array(length));
const hashed = (data: Bytes): Bytes => new Uint8Array(createHash("sha256").update(data).digest());
const ground = (): Ground => ({ code: "TT7M2Q", attempt: 1, fa: fresh(32), fb: fresh(32) });
/** The first bits of a hash as a number. */
const head = (hash: Bytes, bits: number): number => new DataView(hash.buffer, hash.byteOffset).getUint32(0) >>> (32 - bits);

/** A transcript whose last two fields, Na and Nb, can be written over at once: the packing itself is the product's. */
function template(at: Ground, ida: Bytes, idb: Bytes): (na: Bytes, nb: Bytes) => Bytes {
  const whole = transcriptOf(at, ida, idb, new Uint8Array(NONCE), new Uint8Array(NONCE));
  return (na, nb) => {
    whole.set(na, whole.length - 2 * NONCE - 4);
    whole.set(nb, whole.length - NONCE);
    return whole;
  };
}

test("the quick way of hashing is the product's", async () => {
  const [at, ida, idb, na, nb] = [ground(), fresh(IDENTITY), fresh(IDENTITY), fresh(NONCE), fresh(NONCE)];
  const plain = transcriptOf(at, ida, idb, na, nb);
  assert.deepEqual(template(at, ida, idb)(na, nb), plain);
  assert.deepEqual(hashed(plain), new Uint8Array(await crypto.subtle.digest("SHA-256", plain)));
  assert.deepEqual(wordsOf(hashed(plain)), wordsOf(new Uint8Array(await crypto.subtle.digest("SHA-256", plain))));
});

/** Every order that the protocol leaves a middle, told by what it knows when it has to send. */
interface Middle {
  /** To B, before B's number: a commitment to this one. */
  na: Bytes;
  /** To A, before A's number is revealed, with B's number and A's commitment in hand. */
  nb: Bytes;
}

/** One try: two connections, two checks. True where the two people read the same bits. */
function attempt(bits: number, grind: (commitment: Bytes, nbOfB: Bytes, toB: (na: Bytes, nb: Bytes) => Bytes, toA: (na: Bytes, nb: Bytes) => Bytes) => Middle): boolean {
  const [idm, ida, idb] = [fresh(IDENTITY), fresh(IDENTITY), fresh(IDENTITY)];
  const [withA, withB] = [ground(), ground()]; // A's connection ends at the middle, B's begins there
  const toA = template(withA, ida, idm);
  const toB = template(withB, idm, idb);
  const na = fresh(NONCE);
  const nbOfB = fresh(NONCE);
  const middle = grind(hashed(commitmentOf(withA, ida, na)), nbOfB, toB, toA);
  return head(hashed(toA(na, middle.nb)), bits) === head(hashed(toB(middle.na, nbOfB)), bits);
}

test("a million tries, each before the eyes of two people, win nothing", () => {
  const [idm, ida, idb] = [fresh(IDENTITY), fresh(IDENTITY), fresh(IDENTITY)];
  const [toA, toB] = [template(ground(), ida, idm), template(ground(), idm, idb)];
  const pool = new Uint8Array(4 * NONCE * 10_000);
  let wins = 0;
  let near = 0;
  for (let i = 0; i < 1_000_000; i++) {
    const place = (i % 10_000) * 4 * NONCE;
    if (place === 0) randomFillSync(pool);
    const part = (n: number) => pool.subarray(place + n * NONCE, place + (n + 1) * NONCE);
    const [atA, atB] = [hashed(toA(part(0), part(1))), hashed(toB(part(2), part(3)))];
    if (head(atA, 32) === head(atB, 32)) wins++;
    if (head(atA, 8) === head(atB, 8)) near++;
  }
  assert.equal(wins, 0);
  // One word of four does meet, once in 256: the count shows that the tries were real. Six deviations are 374.
  assert.ok(Math.abs(near - 3906) < 374, `${near} tries in a million had the first word in common`);
});

test("a million numbers ground between two messages win no more than a blind throw", () => {
  const tries = 1000;
  const bits = 8;
  let wins = 0;
  for (let i = 0; i < tries; i++) {
    // It sees A's commitment, not A's number: it guesses one and grinds its own answer for the guess.
    const won = attempt(bits, (_commitment, nbOfB, toB, toA) => {
      const [na, guess] = [fresh(NONCE), fresh(NONCE)];
      const wanted = head(hashed(toB(na, nbOfB)), bits);
      const nb = fresh(NONCE);
      for (let n = 0; n < 1000; n++) {
        new DataView(nb.buffer).setUint32(0, n);
        if (head(hashed(toA(guess, nb)), bits) === wanted) break;
      }
      return { na, nb };
    });
    if (won) wins++;
  }
  // 1000/256 = 3.9 by chance; more than 18 come by chance once in 10⁷. Grinding that helped would win about 980.
  assert.ok(wins <= 18, `${wins} of ${tries}`);
});

test("the same grinding wins where the numbers are not committed to, so it is the commitment that holds", () => {
  const bits = 12;
  const [at, with2] = [ground(), ground()];
  const [idm, ida, idb] = [fresh(IDENTITY), fresh(IDENTITY), fresh(IDENTITY)];
  const [toA, toB] = [template(at, ida, idm), template(with2, idm, idb)];
  const [na, nbOfB, mine] = [fresh(NONCE), fresh(NONCE), fresh(NONCE)];
  const wanted = head(hashed(toB(mine, nbOfB)), bits);
  const nb = fresh(NONCE);
  let n = 0;
  do new DataView(nb.buffer).setUint32(0, n);
  while (head(hashed(toA(na, nb)), bits) !== wanted && ++n < 200_000);
  assert.ok(n < 200_000);
});
