// Which microphones, cameras and loudspeakers there are. Their names are told only once one of them may be used.

export interface Choice {
  id: string;
  name: string;
}

export type Kind = "audioinput" | "videoinput" | "audiooutput";

export async function choices(kind: Kind): Promise<Choice[]> {
  try {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === kind && device.deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, name: label }));
  } catch {
    return [];
  }
}

export function onListChanged(tell: () => void): void {
  navigator.mediaDevices?.addEventListener?.("devicechange", tell);
}
