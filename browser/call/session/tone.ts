export { playTone as signalTone } from "../media/tone.js";
