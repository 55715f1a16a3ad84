// Plays one spoken note at a time. Frames are made into an Ogg file here, so that one way of playing serves all.
import { MIME, NOTE_TYPES, type NoteType } from "./note-recorder.js";
import { oggOpus, unpacked } from "./ogg.js";

/** "refused": the browser wants a touch first; "broken": it can make nothing of it. */
export type Played = "heard" | "stopped" | "refused" | "broken";

export function playable(): NoteType[] {
  const audio = new Audio();
  return NOTE_TYPES.filter((type) => audio.canPlayType(MIME[type]) !== "");
}

export class NotePlayer {
  private readonly audio = new Audio();
  private stopCurrent: () => void = () => undefined;

  async play(data: Uint8Array, type: NoteType): Promise<Played> {
    this.stop();
    const file = type === "opus" ? asFile(data) : data;
    if (!file) return "broken";
    const url = URL.createObjectURL(new Blob([file as Uint8Array<ArrayBuffer>], { type: MIME[type] }));
    const { audio } = this;
    try {
      return await new Promise<Played>((done) => {
        this.stopCurrent = () => done("stopped");
        audio.onended = () => done("heard");
        audio.onerror = () => done("broken");
        audio.src = url;
        audio.play().catch((error: DOMException) => done(error.name === "NotAllowedError" ? "refused" : "broken"));
      });
    } finally {
      // Another note may have begun meanwhile, and then the sound is no longer ours to stop.
      if (audio.src === url) {
        audio.onended = audio.onerror = null;
        audio.pause();
        audio.removeAttribute("src");
      }
      URL.revokeObjectURL(url);
    }
  }

  stop(): void {
    this.stopCurrent();
  }
}

function asFile(data: Uint8Array): Uint8Array | null {
  const packets = unpacked(data);
  return packets && oggOpus(packets);
}
