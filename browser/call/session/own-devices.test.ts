// Our own camera and microphone over devices that are played: who closes what, and what stays muted.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { OwnDevices } from "./own-devices.js";
import type { Own } from "./state.js";

class FakeTrack extends EventTarget {
  enabled = true;
  readyState = "live";
  muted = false;
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  stop(): void {
    this.readyState = "ended";
  }
}
class FakeStream {
  private held: FakeTrack[] = [];
  getVideoTracks = () => this.held;
  addTrack = (track: FakeTrack) => void this.held.push(track);
  removeTrack = (track: FakeTrack) => void (this.held = this.held.filter((one) => one !== track));
}

let given: FakeTrack[] = [];
let gate: Promise<void> = Promise.resolve();
const getUserMedia = async (wanted: MediaStreamConstraints) => {
  await gate;
  const tracks = (["audio", "video"] as const).filter((kind) => wanted[kind]).map((kind) => new FakeTrack(kind));
  given.push(...tracks);
  return { getTracks: () => tracks, getAudioTracks: () => tracks.filter((t) => t.kind === "audio"), getVideoTracks: () => tracks.filter((t) => t.kind === "video") };
};
Object.assign(globalThis, { MediaStream: FakeStream });
Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia } }, configurable: true });
beforeEach(() => {
  given = [];
  gate = Promise.resolve();
});

async function opened() {
  const told: Partial<Own> = {};
  const devices = new OwnDevices((own) => Object.assign(told, own), () => undefined);
  await devices.open();
  return { devices, told };
}
const live = () => given.filter((track) => track.readyState === "live").map((track) => track.kind).sort();
const open = () => given.filter((track) => track.readyState === "live" && track.enabled);

test("a device that is allowed only after the end is closed again", async () => {
  let allow: () => void = () => undefined;
  gate = new Promise((done) => (allow = done));
  const devices = new OwnDevices(() => undefined, () => undefined);
  const opening = devices.open();
  devices.stop();
  allow();
  await opening;
  assert.deepEqual([given.length, live()], [2, []]);
});

test("a camera asked for twice leaves one light on", async () => {
  const { devices } = await opened();
  await devices.toggleCamera();
  await Promise.all([devices.toggleCamera(), devices.toggleCamera()]);
  await devices.open();
  assert.deepEqual(live(), ["audio", "video"]);
});

test("somebody near: what is opened meanwhile is not heard or seen, and a second press changes nothing", async () => {
  const { devices, told } = await opened();
  devices.hush(true);
  devices.hush(true);
  await devices.choose("audio", "headset");
  await devices.toggleCamera();
  await devices.toggleCamera();
  await devices.toggleMicrophone();
  devices.speak(true);
  assert.deepEqual([open().length, told.mic], [0, "off"]);
  devices.hush(false);
  assert.deepEqual([open().length, told.mic], [2, "on"]);
});

test("somebody near: who was muted before is muted after", async () => {
  const { devices, told } = await opened();
  await devices.toggleMicrophone();
  devices.hush(true);
  await devices.choose("audio", "headset");
  devices.hush(false);
  assert.deepEqual([open().map(({ kind }) => kind), told.mic], [["video"], "off"]);
});

test("a muted microphone that was pulled out comes back muted", async () => {
  const { devices, told } = await opened();
  await devices.toggleMicrophone();
  devices.audio?.stop();
  await devices.reopen();
  assert.deepEqual([devices.audio?.readyState, devices.audio?.enabled, told.mic], ["live", false, "off"]);
});

test("another microphone while a screen with sound is shown: the voice goes on", async () => {
  const { devices } = await opened();
  const screen = { video: new FakeTrack("video") as never, audio: new FakeTrack("audio") as never };
  devices.showScreen(screen);
  assert.equal(devices.tracks.audio, screen.audio);
  await devices.choose("audio", "headset");
  assert.deepEqual([devices.tracks.audio === devices.audio, devices.tracks.video === screen.video], [true, true]);
});

test("after a reload what was muted stays muted, and a camera that was off is not asked for", async () => {
  const told: Partial<Own> = {};
  const devices = new OwnDevices((own) => Object.assign(told, own), () => undefined);
  await devices.openAsLeft({ muted: true, cam: true });
  assert.deepEqual([live(), told.mic, told.cam, open().map(({ kind }) => kind)], [["audio", "video"], "off", "on", ["video"]]);
  devices.stop();
  await devices.openAsLeft({ muted: false, cam: false });
  assert.deepEqual([live(), told.mic, told.cam], [[], "none", "off"]); // over is over
  const again = new OwnDevices((own) => Object.assign(told, own), () => undefined);
  await again.openAsLeft({ muted: false, cam: false });
  assert.deepEqual([live(), told.mic, told.cam, told.camera], [["audio"], "on", "off", "on"]);
});
