// Where in the picture the person is: MediaPipe's selfie segmentation, served by us. Its program is an ordinary script
// that leaves a global behind; it looks for its other files by name.

export interface BlurFiles {
  script: string;
  loader: string;
  wasm: string;
  graph: string;
  model: string;
}

interface Results {
  segmentationMask: CanvasImageSource;
}

interface Solution {
  setOptions(options: { modelSelection: number; selfieMode: boolean }): void;
  onResults(listener: (results: Results) => void): void;
  initialize(): Promise<void>;
  send(inputs: { image: HTMLVideoElement }): Promise<void>;
  close(): Promise<void>;
}

export interface Segmenter {
  /** Draws the person, opaque on nothing, into the context of that size. */
  into(video: HTMLVideoElement, context: CanvasRenderingContext2D): Promise<void>;
  close(): void;
}

/** A module of one function that uses a vector: only browsers that know these take it. */
const VECTORS = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);

export async function openSegmenter(files: BlurFiles): Promise<Segmenter> {
  if (!document.createElement("canvas").getContext("webgl2") || !WebAssembly.validate(VECTORS)) throw new TypeError("not on this device");
  const names: Record<string, string> = {
    "selfie_segmentation_solution_simd_wasm_bin.js": files.loader,
    "selfie_segmentation_solution_simd_wasm_bin.wasm": files.wasm,
    "selfie_segmentation.binarypb": files.graph,
    "selfie_segmentation.tflite": files.model,
  };
  await script(files.script);
  const Made = (globalThis as { SelfieSegmentation?: new (init: { locateFile: (name: string) => string }) => Solution }).SelfieSegmentation;
  if (!Made) throw new Error("the program did not come");
  const solution = new Made({ locateFile: (name) => names[name] ?? name });
  let target: CanvasRenderingContext2D | null = null;
  solution.setOptions({ modelSelection: 0, selfieMode: false });
  solution.onResults(({ segmentationMask }) => {
    if (!target) return;
    const { width, height } = target.canvas;
    target.clearRect(0, 0, width, height);
    target.drawImage(segmentationMask, 0, 0, width, height);
  });
  await solution.initialize();
  return {
    async into(video, context) {
      target = context;
      await solution.send({ image: video });
    },
    close: () => void solution.close().catch(() => undefined),
  };
}

function script(address: string): Promise<void> {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement("script"), { src: address });
    element.onload = () => done();
    element.onerror = () => failed(new Error("the program did not come"));
    document.head.append(element);
  });
}
