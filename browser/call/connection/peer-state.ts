// How a connection is spoken of in words. Pure.

export type LinkState = "none" | "connecting" | "up" | "unsteady" | "down";

export function linkState(state: RTCPeerConnectionState): LinkState {
  switch (state) {
    case "connected":
      return "up";
    case "disconnected":
      return "unsteady";
    case "failed":
      return "down";
    case "closed":
      return "none";
    default:
      return "connecting";
  }
}
