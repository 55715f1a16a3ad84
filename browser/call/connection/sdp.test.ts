import assert from "node:assert/strict";
import { test } from "node:test";
import { sameVoice, shaped, type Voice } from "./sdp.js";

const SDP = [
  "v=0", "s=-", "a=group:BUNDLE 0 1",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 110", "a=setup:actpass", "a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=rtpmap:110 telephone-event/48000", "a=ptime:20",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", "",
].join("\r\n");
const thin: Voice = { kbit: 6, ptime: 120, red: false, dtx: true, nack: true };

test("sdp: the least and the most that the browser is to believe in are said where there are such", () => {
  const video = (least: number | null, most: number | null) =>
    shaped(SDP, thin, { start: 195, least, most, picture: true, measured: false }).match(/^a=fmtp:96 (x-google.*)$/m)?.[1];
  assert.equal(video(195, 210), "x-google-start-bitrate=195;x-google-min-bitrate=195;x-google-max-bitrate=210");
  assert.equal(video(null, null), "x-google-start-bitrate=195");
});

test("sdp: a thin voice is asked for in its own section alone", () => {
  const out = shaped(SDP, thin, { start: 48, least: null, most: 60, picture: false, measured: false }).split("\r\n");
  assert.deepEqual(
    out.filter((line) => /m=audio|ptime|fmtp:(111|63)|nack/.test(line)),
    [
      "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 110",
      "a=fmtp:111 minptime=10;usedtx=1;useinbandfec=1;stereo=0;maxaveragebitrate=6000",
      "a=fmtp:63 111/111", "a=rtcp-fb:111 nack", "a=rtcp-fb:63 nack", "a=ptime:120", "a=maxptime:120",
    ],
  );
  assert.equal(out.filter((line) => line === "a=fmtp:96 x-google-start-bitrate=48;x-google-max-bitrate=60").length, 1);
  assert.deepEqual(out.slice(-3), ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", ""]);
});

test("sdp: far away lost sound is not asked for again", () => {
  const voice = { ...thin, nack: false };
  assert.doesNotMatch(shaped(SDP, voice, { start: 48, least: null, most: 60, picture: false, measured: false }), /nack/);
  assert.equal(sameVoice(thin, voice), false);
});

test("sdp: where the browser is not to measure the line, it has nothing to fill it up with", () => {
  const said = ["a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"];
  const video = ["a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 nack pli", ...said];
  const offered = SDP.replace("a=ptime:20", ["a=ptime:20", ...said].join("\r\n")).replace("a=rtpmap:96 VP8/90000", video.join("\r\n"));
  const carried = (measured: boolean) =>
    shaped(offered, thin, { start: 48, least: null, most: 60, picture: true, measured }).match(/^a=extmap:\d+|^a=rtcp-fb:\d+ (transport-cc|goog-remb|nack pli)/gm);
  const extensions = ["a=extmap:2", "a=extmap:3", "a=extmap:4"];
  const both = ["a=rtcp-fb:111 transport-cc", ...extensions, "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 nack pli", ...extensions];
  assert.deepEqual([carried(true), carried(false)], [both, ["a=extmap:4", "a=rtcp-fb:96 nack pli", "a=extmap:4"]]);
});

test("sdp: redundancy goes first, and shaping again changes nothing more", () => {
  const voice = { ...thin, red: true };
  const once = shaped(SDP, voice, { start: 300, least: null, most: null, picture: true, measured: true });
  assert.match(once, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 63 111 110\r$/m);
  assert.equal(shaped(once, voice, { start: 300, least: null, most: null, picture: true, measured: true }), once);
});

test("sdp: a browser without redundancy keeps its order", () => {
  const plain = SDP.replace("111 63 110", "111 110").replace(/a=rtpmap:63.*\r\n|a=fmtp:63.*\r\n/g, "");
  assert.match(shaped(plain, { ...thin, red: true }, { start: 300, least: null, most: null, picture: true, measured: true }), /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111 110\r$/m);
});

test("sdp: lines of codecs that are not offered, which Firefox leaves behind, go", () => {
  const left = "a=rtcp-fb:121 nack\r\na=fmtp:121 max-fs=12288\r\na=rtcp-fb:96 nack\r\na=rtpmap:96 VP8/90000";
  const video = shaped(SDP.replace("a=rtpmap:96 VP8/90000", left), thin, { start: 48, least: null, most: 60, picture: false, measured: false }).split("m=video")[1] ?? "";
  assert.deepEqual([video.includes(":121"), video.includes("a=rtcp-fb:96 nack\r\n")], [false, true]);
});

test("sdp: voices are compared by what they ask for", () => {
  assert.deepEqual([sameVoice(thin, { ...thin }), sameVoice(thin, { ...thin, dtx: false })], [true, false]);
});
