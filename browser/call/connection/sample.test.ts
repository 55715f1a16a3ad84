import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, joined, read, type Sample } from "./sample.js";

const rows = [
  { id: "T", type: "transport", selectedCandidatePairId: "P", bytesSent: 10, bytesReceived: 20 },
  { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", currentRoundTripTime: 0.3, availableOutgoingBitrate: 44_000 },
  { id: "Q", type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "R", remoteCandidateId: "R", currentRoundTripTime: 9 },
  { id: "L", type: "local-candidate", candidateType: "relay", relayProtocol: "tcp" },
  { id: "R", type: "remote-candidate", candidateType: "host", protocol: "udp" },
  { id: "A", type: "inbound-rtp", kind: "audio", packetsReceived: 5, packetsLost: 1, totalSamplesReceived: 480, concealedSamples: 48 },
  { id: "V", type: "inbound-rtp", kind: "video", packetsReceived: 7, framesDecoded: 3, frameHeight: 240 },
  { id: "I", type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.05 },
];

test("sample: the pair in use tells round trip, rate and path", () => {
  const { counters, now } = read(rows);
  assert.deepEqual(now, { rtt: 300, outLoss: 0.05, available: 44, path: "relay-tcp", frameHeight: 240 });
  assert.deepEqual([counters.audioPackets, counters.concealed, counters.videoPackets, counters.receivedBytes], [5, 48, 7, 20]);
});

test("sample: without transport rows the nominated pair counts, and what is not told is null", () => {
  const { now } = read(rows.filter((row) => row.type !== "transport" && row.id !== "I"));
  assert.deepEqual([now.rtt, now.available, now.outLoss], [9000, null, null]);
});

test("sample: counters of a new connection begin at nothing", () => {
  const { counters } = read(rows);
  const later = { ...counters, audioPackets: 9, concealed: 4 };
  assert.deepEqual([difference(counters, later).audioPackets, difference(counters, later).concealed], [4, 4]);
});

test("sample: sound that comes late is lost no more, and what was lost before is not lost anew", () => {
  const before = { ...read(rows).counters, audioPackets: 500, audioLost: 150 };
  const came = difference(before, { ...before, audioPackets: 540, audioLost: 149 });
  const missed = difference(before, { ...before, audioPackets: 540, audioLost: 153 });
  assert.deepEqual([came.audioLost, came.audioMissed, missed.audioLost, missed.audioMissed], [-1, 0, 3, 3]);
  const runs = ([more, lost]: [number, number]) => difference(before, { ...before, audioPackets: 500 + more, audioLost: 150 + lost }).audioRuns;
  assert.deepEqual(([[10, 3], [10, 2], [2, 2], [3, 1]] as [number, number][]).map(runs), [1, 0, 1, 0]);
  assert.equal(difference(before, { ...before, audioPackets: 3, audioLost: 1 }).audioLost, 1, "a connection made anew");
});

test("sample: two halves make a whole", () => {
  const { counters, now } = read(rows);
  const half: Sample = { ...counters, ...now, audioMissed: 2, audioRuns: 1, at: 500, seconds: 0.5, linkUp: true };
  const whole = joined(half, { ...half, at: 1000, rtt: 9, linkUp: false });
  assert.deepEqual([whole.at, whole.seconds, whole.audioPackets, whole.audioMissed, whole.audioRuns, whole.rtt, whole.linkUp], [1000, 1, 10, 4, 2, 9, false]);
});

test("sample: where transport rows have no counts, as in Firefox, the bytes of the pairs are taken", () => {
  const firefox = rows.map((row) => (row.type === "transport" ? { id: row.id, type: row.type, selectedCandidatePairId: "P" } : row));
  const pairs = [{ ...firefox[1], bytesSent: 5, bytesReceived: 7 }, { ...firefox[2], bytesSent: 1, bytesReceived: 2 }];
  const { counters, now } = read([...firefox.filter(({ type }) => type !== "candidate-pair"), ...pairs] as typeof rows);
  assert.deepEqual([counters.sentBytes, counters.receivedBytes, now.rtt], [6, 9, 300]);
});
