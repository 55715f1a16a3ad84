// How loud a track is, as a root mean square between 0 and 1. Levels only: no sound is kept.

export interface Meter {
  read(): number;
  stop(): void;
}

const SILENT: Meter = { read: () => 0, stop: () => undefined };

export function meter(track: MediaStreamTrack | null, context: AudioContext): Meter {
  if (!track) return SILENT;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      return rms(samples);
    },
    stop() {
      source.disconnect();
    },
  };
}

export function rms(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  return samples.length ? Math.sqrt(sum / samples.length) : 0;
}

/** In decibels below full scale; silence is −100. */
export const decibels = (level: number): number => (level > 0 ? Math.max(-100, 20 * Math.log10(level)) : -100);
