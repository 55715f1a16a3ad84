// RNNoise in its AudioWorklet. The package's processor is silent until its model stands; this one lets the sound through
// as it is until then and goes over to the cleaned one softly, so that switching it on takes no word away.
import { caught, register } from "./catch.js";
import "@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js";
import { NODE } from "./names.js";

const WARM = 60; // blocks (160 ms): the model hears the room before it is believed
const FADE = 15; // blocks (40 ms)

if (caught.made) {
  register(
    NODE,
    class extends caught.made {
      private blocks = 0;
      private model: unknown;

      /** The package sets this once its model stands. */
      get processor(): unknown {
        return this.model;
      }

      set processor(model: unknown) {
        this.model = model;
        if (model) this.port.postMessage("stands");
      }

      override process(inputs: Float32Array[][], outputs: Float32Array[][], parameters: Record<string, Float32Array>): boolean {
        const goesOn = super.process(inputs, outputs, parameters);
        const raw = inputs[0]?.[0];
        const out = outputs[0]?.[0];
        if (!goesOn || !raw || !out) return goesOn;
        if (this.model) this.blocks++;
        const share = Math.max(0, Math.min(1, (this.blocks - WARM) / FADE));
        if (share < 1) for (let i = 0; i < out.length; i++) out[i] = share * (out[i] ?? 0) + (1 - share) * (raw[i] ?? 0);
        return true;
      }
    },
  );
}
