// What the page may use of camera, microphone and screen, handed up as it is.
export { choices, onListChanged, type Choice, type Kind } from "../media/list.js";
export { canShare, openScreen, type Screen } from "../media/screen.js";
export { audioContext } from "../media/tone.js";
