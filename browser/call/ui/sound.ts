// Asks the session for a soft tone; silent until the reader has touched the page, as browsers wish.
import { signalTone } from "../session/tone.js";

export function softTone(): void {
  if (navigator.userActivation?.hasBeenActive === false) return;
  signalTone();
}
