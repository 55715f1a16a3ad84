// Our own camera and microphone: open, mute, stop, lost.
import { alreadyAllowed, AUDIO, onEnded, onHeldBack, openDevices, openOne, VIDEO } from "../media/devices.js";
import type { Own } from "./state.js";

/** Makes of a device's track what goes out in its place. */
export type Filter = (raw: MediaStreamTrack | null) => MediaStreamTrack | null;

/** How a tab had its devices before its page was loaded anew. */
export interface Left {
  muted: boolean;
  cam: boolean;
}

export class OwnDevices {
  audio: MediaStreamTrack | null = null;
  video: MediaStreamTrack | null = null;
  private readonly picture = new MediaStream();
  private screen: { video: MediaStreamTrack; audio: MediaStreamTrack | null } | null = null;
  private readonly filters: { audio: Filter | null; video: Filter | null } = { audio: null, video: null };
  /** Whether the microphone was open before nothing was to be heard; null: it may be heard. */
  private hushed: { mic: boolean } | null = null;
  private over = false;
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
      this.useAudio(track, this.muted);
      this.tell({ microphone: opened });
    } else {
      this.useVideo(track);
      this.tell({ camera: opened });
    }
    this.onTracks();
  }

  /** For a button that is held while one speaks. */
  speak(on: boolean): void {
    if (this.hushed || !this.audio || this.audio.readyState === "ended" || this.audio.enabled === on) return;
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

  async open(muted = false): Promise<void> {
    this.tell({ microphone: "asking", camera: "asking" });
    const opened = await openDevices();
    this.useAudio(opened.audio, muted);
    this.useVideo(opened.video);
    this.tell({ microphone: opened.microphone, camera: opened.camera });
    this.onTracks();
  }

  async openAsLeft({ muted, cam }: Left): Promise<void> {
    if (cam) return this.open(muted);
    this.tell({ microphone: "asking" });
    const [microphone, track] = await openOne({ audio: AUDIO });
    this.useAudio(track, muted);
    this.tell({ microphone, camera: "on", cam: "off" });
    this.onTracks();
  }

  /** What was pulled out or taken away is opened again, in one go. */
  async reopen(): Promise<void> {
    const lost = (track: MediaStreamTrack | null) => !track || track.readyState === "ended" || track.muted;
    if (lost(this.audio)) {
      const [opened, track] = await openOne({ audio: AUDIO });
      this.useAudio(track, this.muted);
      this.tell({ microphone: opened });
    }
    if (this.wasSeen && lost(this.video)) {
      const [opened, track] = await openOne({ video: VIDEO });
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
    if (this.hushed) return;
    this.audio.enabled = !this.audio.enabled;
    this.filtered("audio");
    this.tell({ mic: this.audio.enabled ? "on" : "off" });
  }

  /** Off means off: the camera's light goes out. */
  async toggleCamera(): Promise<void> {
    if (this.video && this.video.readyState === "live") {
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
    if (on === (this.hushed !== null)) return;
    const mic = this.hushed ? this.hushed.mic : (this.audio?.enabled ?? true);
    this.hushed = on ? { mic } : null;
    if (this.audio) this.audio.enabled = !on && mic;
    if (this.video) this.video.enabled = !on;
    this.filtered("audio");
    this.filtered("video");
    if (this.audio?.readyState === "live") this.tell({ mic: this.audio.enabled ? "on" : "off" });
  }

  get isHushed(): boolean {
    return this.hushed !== null;
  }

  /** For good: a device that is only allowed after this is closed again. */
  stop(): void {
    this.over = true;
    this.useAudio(null);
    this.useVideo(null);
  }

  /** By the person's own wish, and before nothing at all was to be heard. */
  private get muted(): boolean {
    return this.hushed ? !this.hushed.mic : this.audio?.enabled === false;
  }

  /** What is replaced is closed, so that no light stays on for nobody. */
  private inPlaceOf(before: MediaStreamTrack | null, opened: MediaStreamTrack | null): MediaStreamTrack | null {
    if (before !== opened) before?.stop();
    if (this.over) opened?.stop();
    return this.over ? null : opened;
  }

  private useAudio(opened: MediaStreamTrack | null, muted = false): void {
    const track = this.inPlaceOf(this.audio, opened);
    this.audio = track;
    if (this.hushed) this.hushed = { mic: !muted };
    if (track) track.enabled = !muted && !this.hushed;
    // The screen's sound has the former microphone mixed into it: the voice goes before it.
    if (this.screen?.audio) this.screen = { ...this.screen, audio: null };
    this.tell({ mic: !track ? "none" : track.enabled ? "on" : "off" });
    onEnded(track, () => this.audio === track && this.tell({ mic: "ended" }));
    onHeldBack(track, (held) => this.audio === track && this.tell({ mic: held ? "taken" : track?.enabled ? "on" : "off" }));
  }

  /** The own picture shows what the other sees. */
  private mirror(): void {
    for (const old of this.picture.getVideoTracks()) this.picture.removeTrack(old);
    const track = this.filtered("video");
    if (track) this.picture.addTrack(track);
  }

  private useVideo(opened: MediaStreamTrack | null): void {
    const track = this.inPlaceOf(this.video, opened);
    this.video = track;
    if (track && this.hushed) track.enabled = false;
    this.mirror();
    this.wasSeen ||= track !== null;
    this.tell({ cam: track ? "on" : "none" });
    onEnded(track, () => this.video === track && this.tell({ cam: "ended" }));
    onHeldBack(track, (held) => this.video === track && this.tell({ cam: held ? "taken" : "on" }));
  }
}
