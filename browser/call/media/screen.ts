// The own screen, and its sound under the own voice where the browser gives it.

export interface Screen {
  video: MediaStreamTrack;
  audio: MediaStreamTrack | null;
  stop(): void;
}

export const canShare = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === "function";

/** null: the person thought better of it. */
export async function openScreen(voice: MediaStreamTrack | null, context: () => AudioContext | null): Promise<Screen | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 10 } }, audio: true });
  } catch {
    return null;
  }
  const video = stream.getVideoTracks()[0];
  if (!video) return null;
  video.contentHint = "detail";
  const sound = stream.getAudioTracks()[0];
  const mixer = sound ? context() : null;
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  if (!sound || !mixer) return { video, audio: null, stop };
  const both = mixer.createMediaStreamDestination();
  for (const track of [voice, sound]) if (track) mixer.createMediaStreamSource(new MediaStream([track])).connect(both);
  return { video, audio: both.stream.getAudioTracks()[0] ?? null, stop };
}
