// Where the filters' files lie, as the page names them.
import type { BlurFiles } from "../../media/blur/segmenter.js";
import type { NoiseFiles } from "../../media/noise/suppressor.js";

export interface FilterFiles {
  noise: NoiseFiles;
  blur: BlurFiles;
}

export function filesIn(named: DOMStringMap): FilterFiles {
  const at = (name: string): string => named[name] ?? "";
  return {
    noise: { worklet: at("noiseWorklet"), wasm: at("noiseWasm"), simd: at("noiseSimd") },
    blur: { script: at("blurScript"), loader: at("blurLoader"), wasm: at("blurWasm"), graph: at("blurGraph"), model: at("blurModel") },
  };
}
