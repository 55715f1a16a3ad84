// Our own camera and microphone: open, mute, stop, lost.
import { alreadyAllowed, AUDIO, onEnded, onHeldBack, openDevices, openOne, VIDEO } from "../media/devices.js";
import type { Own } from "./state.js";

/** Makes of a device's track what goes out in its place. */
export type Filter = (raw: MediaStreamTrack | null) => MediaStreamTrack | null;

export class OwnDevices {
  audio: MediaStreamTrack | null = null;
  video: MediaStreamTrack | null = null;
  private readonly picture = new MediaStream();
  private screen: { video: MediaStreamTrack; audio: MediaStreamTrack | null } | null = null;
  private readonly filters: { audio: Filter | null; video: Filter | null } = { audio: null, video: null };
  private before = { mic: true, cam: true };
  /** The camera is meant to be on. */
  private wasSeen = false;

  constructor(
    private readonly tell: (own: Partial<Own>) => void,
    private readonly onTracks: () => void,
  ) {}

  /** What goes to the other: the own picture, or in its place the screen. */
  get tracks(): { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } {
    return { audio: this.screen?.audio ?? this.filtered("audio"), video: this.screen?.video ?? this.filtered("video") };
  }

  /** Own sound or picture as the person wants it to be: without the noise, without the room behind. */
  filtered(kind: "audio" | "video"): MediaStreamTrack | null {
    const [filter, device] = [this.filters[kind], this[kind]];
    const track = filter ? filter(device) : device;
    if (track && device) track.enabled = device.enabled; // at once, not after what is still in the filter
    return track;
  }

  /** From here on the device goes through it; null: as it is. Muting is done at the device and holds for both. */
  filter(kind: "audio" | "video", filter: Filter | null): void {
    this.filters[kind] = filter;
    if (kind === "video") this.mirror();
    this.onTracks();
  }

  /** A screen goes out in place of the own picture, with its sound mixed under the voice; null: no longer. */
  showScreen(screen: { video: MediaStreamTrack; audio: MediaStreamTrack | null } | null): void {
    this.screen = screen;
    this.tell({ screen: screen !== null });
    this.onTracks();
  }

  /** Another microphone or camera, by the browser's id. */
  async choose(kind: "audio" | "video", id: string): Promise<void> {
    const deviceId = { exact: id };
    const [opened, track] = await openOne(kind === "audio" ? { audio: { ...AUDIO, deviceId } } : { video: { ...VIDEO, deviceId } });
    if (kind === "audio") {
      const silent = this.audio !== null && !this.audio.enabled;
      this.audio?.stop();
      this.useAudio(track);
      if (track && silent) this.speak(false);
      this.tell({ microphone: opened });
    } else {
      this.video?.stop();
      this.useVideo(track);
      this.tell({ camera: opened });
    }
    this.onTracks();
  }

  /** For a button that is held while one speaks. */
  speak(on: boolean): void {
    if (!this.audio || this.audio.readyState === "ended" || this.audio.enabled === on) return;
    this.audio.enabled = on;
    this.filtered("audio");
    this.tell({ mic: on ? "on" : "off" });
  }

  /** For the own picture: the same stream for good, with or without a track in it. */
  get stream(): MediaStream {
    return this.picture;
  }

  async openIfAllowed(): Promise<void> {
    if (await alreadyAllowed()) await this.open();
  }

  async open(): Promise<void> {
    this.tell({ microphone: "asking", camera: "asking" });
    const opened = await openDevices();
    this.useAudio(opened.audio);
    this.useVideo(opened.video);
    this.tell({ microphone: opened.microphone, camera: opened.camera });
    this.onTracks();
  }

  /** What was pulled out or taken away is opened again, in one go. */
  async reopen(): Promise<void> {
    const lost = (track: MediaStreamTrack | null) => !track || track.readyState === "ended" || track.muted;
    if (lost(this.audio)) {
      const [opened, track] = await openOne({ audio: AUDIO });
      this.audio?.stop();
      this.useAudio(track);
      this.tell({ microphone: opened });
    }
    if (this.wasSeen && lost(this.video)) {
      const [opened, track] = await openOne({ video: VIDEO });
      this.video?.stop();
      this.useVideo(track);
      this.tell({ camera: opened });
    }
    this.onTracks();
  }

  /** Mutes at the source: what is muted is not sent, only silence. */
  async toggleMicrophone(): Promise<void> {
    if (!this.audio || this.audio.readyState === "ended") {
      this.tell({ microphone: "asking" });
      const [opened, track] = await openOne({ audio: AUDIO });
      this.useAudio(track);
      this.tell({ microphone: opened });
      this.onTracks();
      return;
    }
    this.audio.enabled = !this.audio.enabled;
    this.filtered("audio");
    this.tell({ mic: this.audio.enabled ? "on" : "off" });
  }

  /** Off means off: the camera's light goes out. */
  async toggleCamera(): Promise<void> {
    if (this.video && this.video.readyState === "live") {
      this.video.stop();
      this.useVideo(null);
      this.wasSeen = false;
      this.tell({ cam: "off" });
    } else {
      this.tell({ camera: "asking" });
      const [opened, track] = await openOne({ video: VIDEO });
      this.useVideo(track);
      this.tell({ camera: opened });
    }
    this.onTracks();
  }

  /** Nothing is heard or seen from here until it is lifted; what was muted before stays so. */
  hush(on: boolean): void {
    if (on) this.before = { mic: this.audio?.enabled ?? false, cam: this.video?.enabled ?? false };
    if (this.audio) this.audio.enabled = on ? false : this.before.mic;
    if (this.video) this.video.enabled = on ? false : this.before.cam;
    this.filtered("audio");
    this.filtered("video");
    this.tell({ mic: this.audio ? (this.audio.enabled ? "on" : "off") : "none" });
  }

  stop(): void {
    this.audio?.stop();
    this.video?.stop();
    this.useAudio(null);
    this.useVideo(null);
  }

  private useAudio(track: MediaStreamTrack | null): void {
    this.audio = track;
    this.tell({ mic: track ? "on" : "none" });
    onEnded(track, () => this.audio === track && this.tell({ mic: "ended" }));
    onHeldBack(track, (held) => this.audio === track && this.tell({ mic: held ? "taken" : track?.enabled ? "on" : "off" }));
  }

  /** The own picture shows what the other sees. */
  private mirror(): void {
    for (const old of this.picture.getVideoTracks()) this.picture.removeTrack(old);
    const track = this.filtered("video");
    if (track) this.picture.addTrack(track);
  }

  private useVideo(track: MediaStreamTrack | null): void {
    this.video = track;
    this.mirror();
    this.wasSeen ||= track !== null;
    this.tell({ cam: track ? "on" : "none" });
    onEnded(track, () => this.video === track && this.tell({ cam: "ended" }));
    onHeldBack(track, (held) => this.video === track && this.tell({ cam: held ? "taken" : "on" }));
  }
}
