// The microphone through RNNoise: one track goes out for good, whichever microphone is put before it.
import { loadRnnoise } from "@sapphi-red/web-noise-suppressor";
import { within } from "../within.js";
import { NODE } from "./names.js";

export interface NoiseFiles {
  worklet: string;
  wasm: string;
  /** For processors that work on several numbers at once. */
  simd: string;
}

export interface Told {
  /** The browser stopped or went on with the sound of pages (a telephone call, another program). */
  running: (running: boolean) => void;
  failed: () => void;
}

const RATE = 48_000; // Hz; the model knows no other
const STANDS = 15_000; // ms
const RUNS = 1500; // ms; without a touch of the page some browsers let no sound run

export class Suppressor {
  private raw: MediaStreamTrack | null = null;
  private source: MediaStreamAudioSourceNode | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    private readonly end: MediaStreamAudioDestinationNode,
    private readonly told: Told,
  ) {
    node.onprocessorerror = () => told.failed();
    context.onstatechange = () => told.running(context.state === "running");
  }

  /** Throws where the browser or the line does not bear it. */
  static async open(files: NoiseFiles, told: Told): Promise<Suppressor> {
    if (typeof AudioWorkletNode !== "function") throw new TypeError("no AudioWorklet");
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    try {
      const [wasmBinary] = await Promise.all([loadRnnoise({ url: files.wasm, simdUrl: files.simd }), context.audioWorklet.addModule(files.worklet)]);
      const node = new AudioWorkletNode(context, NODE, {
        channelCount: 1,
        channelCountMode: "explicit",
        outputChannelCount: [1],
        processorOptions: { maxChannels: 1, wasmBinary },
      });
      const end = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
      node.connect(end);
      await within(STANDS, stands(node));
      if (context.state !== "running") await within(RUNS, context.resume());
      return new Suppressor(context, node, end, told);
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** What the track sounds like without the noise; a muted one is silence here too. */
  out(raw: MediaStreamTrack | null): MediaStreamTrack | null {
    try {
      this.take(raw);
    } catch {
      queueMicrotask(() => this.told.failed()); // a microphone of another rate, in a browser that does not convert
      return raw;
    }
    return raw && (this.end.stream.getAudioTracks()[0] ?? raw);
  }

  private take(raw: MediaStreamTrack | null): void {
    if (raw === this.raw) return;
    this.source?.disconnect();
    this.raw = raw;
    this.source = raw && this.context.createMediaStreamSource(new MediaStream([raw]));
    this.source?.connect(this.node);
  }

  /** Asked for again by a touch, where the browser had stopped it. */
  resume(): void {
    if (this.context.state !== "running") void this.context.resume().catch(() => undefined);
  }

  close(): void {
    this.context.onstatechange = null;
    this.source?.disconnect();
    this.node.port.postMessage("destroy");
    void this.context.close();
  }
}

const stands = (node: AudioWorkletNode): Promise<void> =>
  new Promise((done, failed) => {
    node.port.onmessage = ({ data }) => data === "stands" && done();
    node.onprocessorerror = () => failed(new Error("the worklet broke"));
  });
