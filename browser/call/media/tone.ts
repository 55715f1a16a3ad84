// A soft tone made here, so that no sound file is loaded.

const PITCHES = [523.25, 659.25]; // Hz: C5, E5
const LOUDNESS = 0.12;
const LENGTH = 0.9; // s

let shared: AudioContext | null = null;

/** One for the page: browsers allow few, and let it sound only after a gesture. */
export function audioContext(): AudioContext | null {
  if (typeof AudioContext !== "function") return null;
  shared ??= new AudioContext();
  if (shared.state === "suspended") void shared.resume().catch(() => undefined);
  return shared;
}

export function playTone(): boolean {
  const context = audioContext();
  if (!context) return false;
  PITCHES.forEach((pitch, i) => {
    const start = context.currentTime + i * 0.28;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.04);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + LENGTH);
  });
  return true;
}
