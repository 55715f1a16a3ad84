// Descriptions in a third of their bytes: on the thinnest line one takes four seconds, and each packet of it may be lost.
// A line that both browsers know, or that stood before in the same description, goes as its number. Pure.
import type { Short, SignalData } from "./protocol.js";

/** What a browser of today says in each description of ours. One that says it otherwise is understood all the same. */
const KNOWN = `
v=0
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=extmap-allow-mixed
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 63 111
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-options:trickle
a=ice-options:trickle renomination
a=setup:actpass
a=setup:active
a=setup:passive
a=mid:0
a=mid:1
a=mid:2
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:14 urn:3gpp:video-orientation
a=sendrecv
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
m=video 9 UDP/TLS/RTP/SAVPF 96 97
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=sctp-port:5000
a=max-message-size:262144
`.trim().split("\n");
/** Of that list: a page built from another reads other lines in the numbers. */
const EDITION = [...KNOWN.join("")].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 65_521, 0);
const EOL = "\r\n";

export function shortened(sdp: string): Short {
  const numbers = new Map(KNOWN.map((line, n) => [line, n]));
  const lines = sdp.split(EOL).map((line) => {
    const number = numbers.get(line);
    if (number === undefined) numbers.set(line, numbers.size);
    return number ?? line;
  });
  return { edition: EDITION, lines };
}

/** null: written by a page of another edition, or by nobody's. */
export function lengthened({ edition, lines }: Short): string | null {
  if (edition !== EDITION || !Array.isArray(lines)) return null;
  const known: string[] = [...KNOWN];
  const told = lines.map((line) => {
    if (typeof line === "string") known.push(line);
    return typeof line === "string" ? line : known[line];
  });
  return told.includes(undefined) ? null : told.join(EOL);
}

function inShort(data: SignalData): SignalData {
  const { type, sdp } = data.description ?? {};
  return type && sdp ? { ...data, description: { type, short: shortened(sdp) } } : data;
}

/** null where a description cannot be read. */
function inFull(data: SignalData): SignalData | null {
  const { type, short } = data.description ?? {};
  if (!type || !short) return data;
  const sdp = lengthened(short);
  return sdp === null ? null : { ...data, description: { type, sdp } };
}

/** Signals as they travel between two pages; those of different builds come to understand each other. */
export class Shorthand {
  private plain = false;

  constructor(private readonly send: (data: SignalData) => boolean) {}

  say(data: SignalData): boolean {
    return this.send(this.plain ? data : inShort(data));
  }

  /** null: it cannot be read, or was a word about that. What comes of it is tried again by whoever tried. */
  read(data: SignalData): SignalData | null {
    if (data.want === "full") this.plain = true;
    const told = data.want === "full" ? null : inFull(data);
    if (!told && data.description) this.send({ pc: "", to: data.pc, want: "full" });
    return told;
  }
}
