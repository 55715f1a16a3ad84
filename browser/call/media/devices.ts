// Camera and microphone, opened together where possible and one by one where not: a refused camera leaves the
// sound, and with neither the call still receives and writes.
import { problemOf, type Opened } from "./problems.js";

export interface Devices {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  microphone: Opened;
  camera: Opened;
}

export const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
export const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: "user",
};

const ask = (constraints: MediaStreamConstraints): Promise<MediaStream> => {
  if (typeof navigator.mediaDevices?.getUserMedia !== "function") return Promise.reject(new TypeError("no media"));
  return navigator.mediaDevices.getUserMedia(constraints);
};

/** True where the reader said yes before, so that nothing need be asked. */
export async function alreadyAllowed(): Promise<boolean> {
  try {
    const asked = (["camera", "microphone"] as const).map((name) =>
      navigator.permissions.query({ name: name as PermissionName }),
    );
    return (await Promise.all(asked)).every(({ state }) => state === "granted");
  } catch {
    return false; // a browser that does not tell is asked by a button
  }
}

export async function openDevices(): Promise<Devices> {
  try {
    const stream = await ask({ audio: AUDIO, video: VIDEO });
    return {
      audio: stream.getAudioTracks()[0] ?? null,
      video: stream.getVideoTracks()[0] ?? null,
      microphone: "on",
      camera: "on",
    };
  } catch (error) {
    if (problemOf(error) === "unsupported") {
      return { audio: null, video: null, microphone: "unsupported", camera: "unsupported" };
    }
    return openSingly();
  }
}

async function openSingly(): Promise<Devices> {
  const [microphone, sound] = await openOne({ audio: AUDIO });
  const [camera, picture] = await openOne({ video: VIDEO });
  return { audio: sound, video: picture, microphone, camera };
}

export async function openOne(constraints: MediaStreamConstraints): Promise<[Opened, MediaStreamTrack | null]> {
  try {
    return ["on", (await ask(constraints)).getTracks()[0] ?? null];
  } catch (error) {
    return [problemOf(error), null];
  }
}

/** Called when a device is pulled out, taken away or its permission withdrawn; not when we stop it. */
export function onEnded(track: MediaStreamTrack | null, tell: () => void): void {
  track?.addEventListener("ended", tell, { once: true });
}

/** Called when the device holds a track back (a telephone call, a headset pulled) and when it gives it free again. */
export function onHeldBack(track: MediaStreamTrack | null, tell: (held: boolean) => void): void {
  track?.addEventListener("mute", () => tell(true));
  track?.addEventListener("unmute", () => tell(false));
}
