// A spoken note from the microphone: Opus frames by WebCodecs where the browser has it, a MediaRecorder's file else.
import { FRAME, packed } from "./ogg.js";

export const NOTE_TYPES = ["opus", "ogg", "webm", "mp4"] as const;
/** "opus": frames as in ogg.ts; the others are files. The lighter ones come first. */
export type NoteType = (typeof NOTE_TYPES)[number];

export interface Recorded {
  data: Uint8Array;
  type: NoteType;
  seconds: number;
}

export interface Recording {
  /** Null where nothing was said or the browser made nothing of it. */
  stop(): Promise<Recorded | null>;
  cancel(): void;
}

const KBIT = 7; // asked; 5.5 to 6.6 come out
const SHORTEST = 0.4; // s: less is a slip of the thumb
export const MIME = { opus: "audio/ogg; codecs=opus", ogg: "audio/ogg; codecs=opus", webm: "audio/webm; codecs=opus", mp4: "audio/mp4" };

/** Chromium's; lib.dom does not know it. */
declare const MediaStreamTrackProcessor: undefined | (new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<AudioData> });

const encoderConfig = (sampleRate: number): AudioEncoderConfig => ({
  codec: "opus",
  sampleRate,
  numberOfChannels: 1,
  bitrate: KBIT * 1000,
  opus: { frameDuration: FRAME * 1000, application: "voip", signal: "voice" } as OpusEncoderConfig,
});

/** Begins at once. `plays`: what the other's browser can play. Throws where this one can record none of it. */
export async function record(track: MediaStreamTrack, plays: readonly NoteType[]): Promise<Recording> {
  if (plays.includes("opus") && (await encodes())) return recordFrames(track);
  return recordFile(track, plays);
}

async function encodes(): Promise<boolean> {
  if (typeof AudioEncoder !== "function" || typeof MediaStreamTrackProcessor !== "function") return false;
  const { supported } = await AudioEncoder.isConfigSupported(encoderConfig(48_000)).catch(() => ({ supported: false }));
  return supported === true;
}

function recordFrames(track: MediaStreamTrack): Recording {
  if (!MediaStreamTrackProcessor) throw new TypeError("asked before");
  const packets: Uint8Array[] = [];
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      packets.push(packet);
    },
    error: () => undefined, // the note is then as long as it got
  });
  const reading = (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || encoder.state === "closed") return value?.close();
      if (encoder.state === "unconfigured") encoder.configure(encoderConfig(value.sampleRate));
      const sound = oneChannel(value);
      encoder.encode(sound);
      sound.close();
    }
  })().catch(() => undefined);
  return {
    async stop() {
      await reader.cancel().catch(() => undefined);
      await reading;
      if (encoder.state === "configured") await encoder.flush().catch(() => undefined);
      if (encoder.state !== "closed") encoder.close();
      const seconds = (packets.length * FRAME) / 1000;
      return seconds < SHORTEST ? null : { data: packed(packets), type: "opus", seconds };
    },
    cancel() {
      void reader.cancel().catch(() => undefined);
      if (encoder.state !== "closed") encoder.close();
    },
  };
}

/** The encoder takes what it was configured for; some headsets give two channels. Closes what it replaces. */
function oneChannel(sound: AudioData): AudioData {
  if (sound.numberOfChannels === 1) return sound;
  const samples = new Float32Array(sound.numberOfFrames);
  sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
  const { sampleRate, numberOfFrames, timestamp } = sound;
  sound.close();
  return new AudioData({ data: samples, format: "f32-planar", sampleRate, numberOfFrames, numberOfChannels: 1, timestamp });
}

function recordFile(track: MediaStreamTrack, plays: readonly NoteType[]): Recording {
  const type = NOTE_TYPES.find((each) => each !== "opus" && plays.includes(each) && MediaRecorder.isTypeSupported(MIME[each]));
  if (!type) throw new TypeError("nothing that both browsers know");
  const pieces: Blob[] = [];
  const recorder = new MediaRecorder(new MediaStream([track]), { mimeType: MIME[type], audioBitsPerSecond: KBIT * 1000 });
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const began = performance.now();
  recorder.start();
  return {
    async stop() {
      const seconds = (performance.now() - began) / 1000;
      if (recorder.state !== "inactive") {
        await new Promise((done) => {
          recorder.onstop = recorder.onerror = done;
          recorder.stop();
        });
      }
      const data = new Uint8Array(await new Blob(pieces).arrayBuffer());
      return seconds < SHORTEST || data.length === 0 ? null : { data, type, seconds };
    },
    cancel() {
      if (recorder.state !== "inactive") recorder.stop();
      pieces.length = 0;
    },
  };
}
