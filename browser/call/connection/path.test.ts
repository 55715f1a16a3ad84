import assert from "node:assert/strict";
import { test } from "node:test";
import { inUse, mayMeet, policyOf, ranked, shownCandidate, shownSdp, urlsOf, wayOf, type Ice } from "./path.js";
import { ALIVE, isStill, seen, type Still } from "./still.js";

const STUN = { urls: "stun:a.example:3478" };
const A = { urls: ["turn:a.example?transport=udp", "turns:a.example:443?transport=tcp"], username: "u", credential: "p" };
const B = { urls: ["turn:b.example?transport=udp", "turns:b.example:443?transport=tcp"], username: "v", credential: "q" };
const ice = (changes: Partial<Ice> = {}): Ice => ({ servers: [STUN, A, B], relay: "well", hidden: false, ...changes });

const policies: [string, Partial<Ice>, boolean, RTCIceTransportPolicy][] = [
  ["a relay, before admission: through it alone", {}, false, "relay"],
  ["a relay, admitted: the shortest way", {}, true, "all"],
  ["no relay: any way", { servers: [STUN], relay: "none" }, false, "all"],
  ["no relay, admitted: any way", { servers: [], relay: "none" }, true, "all"],
  ["hidden: through the relay also after admission", { hidden: true }, true, "relay"],
  ["hidden, and the relay is away: nobody is uncovered", { hidden: true, relay: "away", servers: [STUN] }, true, "relay"],
  ["hidden without any relay: cannot be", { hidden: true, relay: "none", servers: [STUN] }, true, "all"],
  ["all relays away: not waited for", { relay: "away" }, false, "all"],
];
for (const [name, changes, admitted, expected] of policies) {
  test(`policy: ${name}`, () => assert.equal(policyOf(ice(changes), admitted), expected));
}

const meetings: [string, Parameters<typeof mayMeet>[0], boolean][] = [
  ["through a relay before the door is open", { relay: "well", hidden: false, door: false, admitted: false }, true],
  ["directly only once the door is open", { relay: "away", hidden: false, door: false, admitted: false }, false],
  ["directly with the door open", { relay: "away", hidden: false, door: true, admitted: false }, true],
  ["to be hidden but no relay: not by the door", { relay: "none", hidden: true, door: true, admitted: false }, false],
  ["to be hidden but no relay: by admission", { relay: "none", hidden: true, door: true, admitted: true }, true],
  ["hidden with a relay", { relay: "away", hidden: true, door: false, admitted: false }, true],
];
for (const [name, known, expected] of meetings) test(`they meet: ${name}`, () => assert.equal(mayMeet(known), expected));

test("one spelling for one way", () => {
  const same = [
    ["turn:a.example", "turn:A.example:3478?transport=udp"],
    ["turns:a.example", "turns:a.example:5349?transport=tcp"],
    ["turn:[2001:db8::1]", "turn:[2001:db8::1]:3478"],
  ] as const;
  for (const [one, other] of same) assert.equal(wayOf(one), wayOf(other));
  assert.notEqual(wayOf("turn:a.example"), wayOf("turn:a.example?transport=tcp"));
  assert.notEqual(wayOf("turn:a.example:1"), wayOf("turns:a.example:1"));
});

test("the dead relay comes last, with its dead way last in it", () => {
  const dead = new Set([wayOf("turn:a.example:3478?transport=udp")]);
  const order = ranked([STUN, A, B], dead, "all");
  assert.deepEqual(order.map((server) => urlsOf(server)[0]), [STUN.urls, B.urls[0], A.urls[1]]);
  assert.deepEqual(urlsOf(order[2] ?? STUN), [A.urls[1], A.urls[0]]);
  assert.deepEqual([order[2]?.username, order[2]?.credential], ["u", "p"]);
});

test("through the relay alone no STUN server is asked", () => {
  assert.deepEqual(ranked([STUN, A], new Set(), "relay").map((server) => server.username), ["u"]);
});

const RELAYED = "candidate:1 1 udp 41885439 203.0.113.7 49161 typ relay raddr 198.51.100.9 rport 61000 generation 0";
const HOST = "candidate:2 1 udp 2122260223 192.168.1.4 50000 typ host generation 0";
const SRFLX = "candidate:3 1 udp 1686052607 198.51.100.9 61000 typ srflx raddr 192.168.1.4 rport 50000";

test("only the relay's address is shown, and not what lies behind it", () => {
  const shown = (candidate: string, policy: RTCIceTransportPolicy): string | undefined => shownCandidate({ candidate }, policy)?.candidate;
  assert.equal(shown(HOST, "relay"), undefined);
  assert.equal(shown(SRFLX, "relay"), undefined);
  assert.equal(shown(RELAYED, "relay"), RELAYED.replace("198.51.100.9 rport 61000", "0.0.0.0 rport 0"));
  assert.equal(shown("", "relay"), "", "the end of candidates is told");
  for (const candidate of [HOST, SRFLX, RELAYED]) assert.equal(shown(candidate, "all"), candidate);
});

test("a description shows no address either", () => {
  const sdp = [
    "v=0", "o=- 1 2 IN IP4 192.168.1.4", "s=-", "t=0 0", "a=fingerprint:sha-256 AA", "m=audio 50000 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 198.51.100.9", "a=rtcp:50001 IN IP4 198.51.100.9", `a=${HOST}`, `a=${SRFLX}`, `a=${RELAYED}`, "a=rtpmap:111 opus/48000/2", "",
  ].join("\r\n");
  const shown = shownSdp(sdp, "relay");
  assert.doesNotMatch(shown, /192\.168|198\.51/);
  assert.match(shown, /typ relay raddr 0\.0\.0\.0 rport 0/);
  assert.match(shown, /m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r\n/);
  assert.match(shown, /a=fingerprint:sha-256 AA\r\n/);
  assert.equal(shownSdp(sdp, "all"), sdp);
});

const pair = { type: "candidate-pair", id: "p", localCandidateId: "l", nominated: true, state: "succeeded", bytesReceived: 900, responsesReceived: 3, requestsReceived: 2 };
const local = { type: "local-candidate", id: "l", candidateType: "relay", url: "turn:a.example:3478?transport=udp" };

test("which relay is in use, in Chromium and in Firefox", () => {
  const transport = { type: "transport", id: "t", selectedCandidatePairId: "p" };
  assert.deepEqual(inUse([transport, pair, local]), { relay: local.url, signs: 905 });
  assert.deepEqual(inUse([pair, local]), { relay: local.url, signs: 905 });
  assert.deepEqual(inUse([transport, pair, { ...local, candidateType: "host" }]), { relay: null, signs: 905 });
  assert.deepEqual(inUse([]), { relay: null, signs: 0 });
});

/** Signs at these times (ms); is it still at `until`? */
const listened = (times: number[], until: number): boolean => {
  const state = times.reduce<Still>((was, at, n) => seen(was, n + 1, at), ALIVE);
  return isStill(seen(state, state.signs, until), until);
};
const every = (ms: number, to: number): number[] => Array.from({ length: Math.floor(to / ms) + 1 }, (_, n) => n * ms);

const pauses: [string, number[], number, boolean][] = [
  ["speech each half second, then a second of nothing", every(500, 10_000), 11_000, false],
  ["speech each half second, then 1.3 s of nothing", every(500, 10_000), 11_300, true],
  ["a line that always pauses two seconds is given five", every(2000, 10_000), 14_000, false],
  ["a line that always pauses two seconds, then five", every(2000, 10_000), 15_000, true],
  ["never longer than six seconds", every(5000, 20_000), 26_000, true],
  ["nothing yet", [], 9000, false],
];
for (const [name, times, until, expected] of pauses) test(`still: ${name}`, () => assert.equal(listened(times, until), expected));

test("another pair's smaller count is a sign and no pause", () => {
  const state = seen(seen(seen(ALIVE, 100, 0), 200, 500), 5, 9000);
  assert.deepEqual(state, { signs: 5, at: 9000, pauses: [500] });
});
