// Where a connection is made. Chromium tells a page of the device's new address 0.5 to 2 s after it changed, but a frame
// asks anew as its first connection is made: that one looks for paths by the address of now (Chromium 156 on Linux; other
// browsers are not known to need it, and are not asked to carry tracks from one frame to another).
export interface Place {
  frame: HTMLIFrameElement;
  pc: RTCPeerConnection;
}

export class Realm {
  private frame: HTMLIFrameElement | null = null;
  private spare: Place | null = null;

  /** The device has just moved: a connection that knows it, for when it is wanted. It takes a tenth of a second. */
  prepare(configuration: RTCConfiguration): void {
    this.discard();
    this.spare = enter(configuration);
  }

  get ready(): boolean {
    return this.spare !== null;
  }

  /** `moved`: the prepared one, where there is one. */
  make(configuration: RTCConfiguration, moved: boolean): RTCPeerConnection {
    this.leave();
    const { spare } = this;
    this.spare = null;
    if (spare && moved) {
      this.frame = spare.frame;
      spare.pc.setConfiguration(configuration);
      return spare.pc;
    }
    if (spare) close(spare);
    return new RTCPeerConnection(configuration);
  }

  /** A connection made elsewhere takes its place in `frame`. */
  move(frame: HTMLIFrameElement | null): void {
    this.leave();
    this.discard();
    this.frame = frame;
  }

  /** After the connection in it was closed. */
  leave(): void {
    this.frame?.remove();
    this.frame = null;
  }

  discard(): void {
    if (this.spare) close(this.spare);
    this.spare = null;
  }
}

/** A connection in a frame of its own; null in browsers that have no need of it. */
export function enter(configuration: RTCConfiguration): Place | null {
  if (!("userAgentData" in navigator)) return null;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  document.body.append(frame);
  const place = frame.contentWindow as (Window & typeof globalThis) | null;
  if (place?.RTCPeerConnection) return { frame, pc: new place.RTCPeerConnection(configuration) };
  frame.remove();
  return null;
}

function close({ frame, pc }: Place): void {
  pc.close();
  frame.remove();
}
