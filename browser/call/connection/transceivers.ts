// The two ways of a connection, one for sound and one for the picture: what they carry, how much of it, and how long the
// player waits for it.
import { prefer } from "./codecs.js";
import { encoding, tune, type Media } from "./tuning.js";

export interface Tracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

type Connection = RTCPeerConnection | null;

export function addBoth(pc: Connection, media: Media): void {
  for (const kind of ["audio", "video"] as const) {
    const transceiver = pc?.addTransceiver(kind, { direction: "sendrecv", sendEncodings: [encoding(kind, media)] });
    if (transceiver) prefer(transceiver);
  }
}

export function carry(pc: Connection, tracks: Tracks): void {
  for (const { sender, receiver } of pc?.getTransceivers() ?? []) {
    const track = tracks[receiver.track.kind as keyof Tracks];
    if (sender.track !== track) void sender.replaceTrack(track).catch(() => undefined);
  }
}

export async function tuneAll(pc: Connection, media: Media): Promise<void> {
  for (const { sender, receiver } of pc?.getTransceivers() ?? []) {
    await tune(sender, receiver.track.kind as keyof Tracks, media).catch(() => undefined);
  }
}

/** ms, or null for the browser's own way. */
export function wait(pc: Connection, ms: number | null): void {
  for (const { receiver } of pc?.getTransceivers() ?? []) {
    if (receiver.track.kind === "audio" && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = ms;
  }
}
