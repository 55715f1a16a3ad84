// Opus packets of 60 ms each: kept and sent with one length byte or two, and made into an Ogg file (RFC 3533, 7845)
// where they are to be heard, so that the line carries no container.

export const FRAME = 60; // ms
const RATE = 48_000; // Ogg counts Opus in 48 kHz, whatever it was recorded at
const PRE_SKIP = 312; // samples that libopus puts before the sound
const A_SECOND = 16; // packets to a page
const LARGEST = 1275; // bytes of an Opus packet (RFC 6716)

/** Lengths below 252 take one byte; 252–255 plus four times a second byte beyond (as Opus itself counts). */
export function packed(packets: Uint8Array[]): Uint8Array {
  const bytes: number[] = [];
  for (const packet of packets) {
    const { length } = packet;
    if (length < 252) bytes.push(length);
    else bytes.push(252 + (length % 4), (length - 252 - (length % 4)) / 4);
    bytes.push(...packet);
  }
  return Uint8Array.from(bytes);
}

/** Null where the lengths do not come out even. */
export function unpacked(bytes: Uint8Array): Uint8Array[] | null {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    let length = bytes[at++] ?? 0;
    if (length >= 252) length += 4 * (bytes[at++] ?? 0);
    if (length === 0 || length > LARGEST || at + length > bytes.length) return null;
    packets.push(bytes.subarray(at, at + length));
    at += length;
  }
  return packets.length ? packets : null;
}

export function oggOpus(packets: Uint8Array[]): Uint8Array {
  const pages = [page([head()], 0, 0, 2), page([tags()], 0, 1, 0)];
  for (let first = 0; first < packets.length; first += A_SECOND) {
    const some = packets.slice(first, first + A_SECOND);
    const last = first + A_SECOND >= packets.length;
    pages.push(page(some, (first + some.length) * FRAME * (RATE / 1000), pages.length, last ? 4 : 0));
  }
  const file = new Uint8Array(pages.reduce((sum, each) => sum + each.length, 0));
  pages.reduce((at, each) => (file.set(each, at), at + each.length), 0);
  return file;
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

function head(): Uint8Array {
  const bytes = new Uint8Array(19);
  bytes.set([...ascii("OpusHead"), 1, 1]);
  const view = new DataView(bytes.buffer);
  view.setUint16(10, PRE_SKIP, true);
  view.setUint32(12, RATE, true);
  return bytes;
}

const tags = (): Uint8Array => Uint8Array.from([...ascii("OpusTags"), 5, 0, 0, 0, ...ascii("tatap"), 0, 0, 0, 0]);

function page(packets: Uint8Array[], granule: number, number: number, flags: number): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [...Array.from({ length: Math.floor(length / 255) }, () => 255), length % 255]);
  const body = packets.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(27 + lacing.length + body);
  bytes.set([...ascii("OggS"), 0, flags]);
  const view = new DataView(bytes.buffer);
  view.setUint32(6, granule, true); // 2^32 samples are a day
  view.setUint32(14, 1, true);
  view.setUint32(18, number, true);
  bytes[26] = lacing.length;
  bytes.set(lacing, 27);
  packets.reduce((at, each) => (bytes.set(each, at), at + each.length), 27 + lacing.length);
  view.setUint32(22, oggCrc(bytes), true);
  return bytes;
}

/** Polynomial 0x04C11DB7, not reflected, from zero: not the CRC of ZIP. */
function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
