import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprintIn, inUse } from "./certificates.js";

const print = (byte: string): string => Array(32).fill(byte).join(":");
const sdp = (...lines: string[]): string => ["v=0", ...lines, "m=audio 9 UDP/TLS/RTP/SAVPF 111", ""].join("\r\n");
const AB = `a=fingerprint:sha-256 ${print("AB")}`;

test("a description's certificate", () => {
  const cases: [string, string | undefined, string | null][] = [
    ["one", sdp(AB), print("AB")],
    ["the same in each section", sdp(AB, AB, AB), print("AB")],
    ["the same in other letters", sdp(AB, AB.toLowerCase()), print("AB")],
    ["none", sdp(), null],
    ["no description", undefined, null],
    ["two", sdp(AB, `a=fingerprint:sha-256 ${print("CD")}`), null],
    ["a weaker one beside it", sdp(AB, `a=fingerprint:sha-1 ${print("AB").slice(0, 59)}`), null],
    ["only a weaker one", sdp(`a=fingerprint:sha-1 ${print("AB").slice(0, 59)}`), null],
    ["cut short", sdp(AB.slice(0, -3)), null],
    ["too long", sdp(`${AB}:AB`), null],
    ["hidden behind blanks", sdp(AB, `a=fingerprint:  sha-256 ${print("CD")}  `), null],
  ];
  for (const [what, text, expected] of cases) assert.equal(fingerprintIn(text), expected, what);
});

test("the certificates that the encryption used", () => {
  const certificate = (id: string, byte: string, fingerprintAlgorithm = "sha-256") =>
    ({ id, type: "certificate", fingerprint: print(byte).toLowerCase(), fingerprintAlgorithm });
  const transport = { id: "T", type: "transport", localCertificateId: "L", remoteCertificateId: "R" };
  const both = [certificate("L", "AB"), transport, certificate("R", "CD")];
  assert.deepEqual(inUse(both), { mine: print("AB"), theirs: print("CD") });
  assert.equal(inUse([]), null);
  assert.equal(inUse([transport, certificate("L", "AB")]), null);
  assert.equal(inUse([transport, certificate("L", "AB"), certificate("R", "CD", "sha-1")]), null);
  assert.equal(inUse([{ id: "T", type: "transport" }, certificate("L", "AB")]), null);
});
