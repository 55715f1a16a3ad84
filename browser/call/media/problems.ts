// Why a camera or microphone could not be opened, in words of ours. Pure.

export type Opened = "on" | "refused" | "busy" | "none" | "unsupported";

export function problemOf(error: unknown): Exclude<Opened, "on"> {
  const name = typeof error === "object" && error !== null ? String((error as { name?: unknown }).name) : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
    case "PermissionDeniedError":
      return "refused";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return "none";
    default:
      return "unsupported";
  }
}
