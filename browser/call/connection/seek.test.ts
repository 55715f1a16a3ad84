import assert from "node:assert/strict";
import { test } from "node:test";
import { renamed, seek } from "./seek.js";

const SDP = [
  "v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:4kav",
  "a=candidate:608939986 1 udp 2122260223 10.77.0.3 59215 typ host generation 0 network-id 1",
  "a=candidate:again0 1 udp 2122260223 10.77.0.3 59215 typ host generation 0 network-id 1",
  "a=candidate:1518619978 1 tcp 1518280447 10.77.0.3 9 typ host tcptype active generation 0 network-id 1",
  "a=candidate:77 1 udp 41885439 10.77.0.9 50001 typ relay raddr 0.0.0.0 rport 0 generation 0",
  "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=ice-ufrag:4kav", "a=candidate:1 1 udp 1 10.77.0.3 1 typ host", "",
].join("\r\n");

test("each address that can be called is told once, under another name", () => {
  assert.deepEqual(renamed(SDP, "again1"), [
    { candidate: "candidate:again1 1 udp 2122260223 10.77.0.3 59215 typ host generation 0 network-id 1", sdpMLineIndex: 0, usernameFragment: "4kav" },
    { candidate: "candidate:again1 1 udp 41885439 10.77.0.9 50001 typ relay raddr 0.0.0.0 rport 0 generation 0", sdpMLineIndex: 0, usernameFragment: "4kav" },
  ]);
  assert.deepEqual(renamed("", "again1"), []);
});

for (const [states, sought] of [[[], true], [["failed", "failed"], true], [["failed", "in-progress"], false], [["succeeded"], false]] as const) {
  test(`with pairs that are ${states.join(" and ") || "gone"} addresses are ${sought ? "" : "not "}tried again`, async () => {
    const told: RTCIceCandidateInit[] = [];
    const pc = {
      currentRemoteDescription: { type: "offer", sdp: SDP },
      getStats: async () => new Map(states.map((state, i) => [i, { type: "candidate-pair", state }])),
      addIceCandidate: async (candidate: RTCIceCandidateInit) => {
        told.push(candidate);
        throw new Error("the browser will not have it");
      },
    };
    assert.equal(await seek(pc as unknown as RTCPeerConnection, 3), sought);
    assert.equal(told.length, sought ? 2 : 0);
  });
}
