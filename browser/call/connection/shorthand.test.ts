import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignalData } from "./protocol.js";
import { lengthened, Shorthand, shortened } from "./shorthand.js";

const FINGERPRINT = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`;
const SECTION = ["c=IN IP4 0.0.0.0", "a=ice-ufrag:4kav", "a=ice-pwd:5znxuOvI72vjlC2zSjyLRpcQ", "a=ice-options:trickle", FINGERPRINT, "a=setup:actpass"];
const OFFER = [
  "v=0", "o=- 1341644379691211599 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2",
  "m=audio 9 UDP/TLS/RTP/SAVPF 63 111", ...SECTION, "a=mid:0", "a=rtpmap:111 opus/48000/2", "a=ssrc:356515448 cname:OcjF0feRO8D8CHOa",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97", ...SECTION, "a=mid:1", "a=rtpmap:96 VP8/90000", "a=ssrc:571817695 cname:OcjF0feRO8D8CHOa",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", ...SECTION, "a=mid:2", "a=sctp-port:5000", "",
].join("\r\n");

test("a description comes as it went, in less than half its bytes", () => {
  const short = shortened(OFFER);
  assert.equal(lengthened(short), OFFER);
  assert.ok(JSON.stringify(short).length < 0.5 * OFFER.length, JSON.stringify(short));
});

for (const [name, sdp] of [
  ["of nobody's lines", "a=1\r\na=2\r\na=1"],
  ["with a line that looks like a number", "12\r\n12\r\nv=0"],
  ["with other ends of lines", "v=0\na=mid:0\n"],
  ["empty", ""],
] as const) {
  test(`a description ${name} comes as it went`, () => assert.equal(lengthened(shortened(sdp)), sdp));
}

test("what another build wrote, or nobody, is not read", () => {
  const { edition, lines } = shortened(OFFER);
  assert.equal(lengthened({ edition: edition + 1, lines }), null);
  assert.equal(lengthened({ edition, lines: [...lines, 9999] }), null);
  assert.equal(lengthened({ edition, lines: [...lines, -1] }), null);
  assert.equal(lengthened({ edition, lines: "v=0" as never }), null);
  assert.equal(lengthened({ edition, lines: [{} as never] }), null);
});

function pair(): { said: SignalData[]; a: Shorthand; b: Shorthand } {
  const said: SignalData[] = [];
  const send = (data: SignalData): boolean => said.push(JSON.parse(JSON.stringify(data)) as SignalData) > 0;
  return { said, a: new Shorthand(send), b: new Shorthand(send) };
}

const DESCRIBED: SignalData = { pc: "a", to: null, n: 3, description: { type: "offer", sdp: OFFER } };

test("only a signal's description is written in short", () => {
  const { said, a, b } = pair();
  a.say(DESCRIBED);
  const [sent] = said;
  assert.equal(sent?.description?.type, "offer"); // the room reads it
  assert.equal(sent?.description?.sdp, undefined);
  assert.deepEqual(b.read(sent as SignalData), DESCRIBED);
  for (const other of [{ pc: "a", to: "b", want: "offer" }, { pc: "a", to: "b", bye: true }] as const) {
    a.say(other);
    assert.deepEqual(said.at(-1), other);
    assert.deepEqual(b.read(other), other);
  }
});

test("a page of another build asks for all of it, and the next comes so", () => {
  const { said, a, b } = pair();
  const other = { ...DESCRIBED, description: { type: "offer" as const, short: { edition: -1, lines: [] } } } satisfies SignalData;
  assert.equal(b.read(other), null);
  assert.deepEqual(said.pop(), { pc: "", to: "a", want: "full" });
  assert.equal(a.read({ pc: "", to: "a", want: "full" }), null);
  assert.deepEqual(said, [], "the word itself is not answered");
  a.say(DESCRIBED);
  assert.deepEqual(said.pop(), DESCRIBED);
  assert.deepEqual(b.read(DESCRIBED), DESCRIBED);
});
