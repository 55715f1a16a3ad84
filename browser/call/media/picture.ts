// What a picture from the other browser says of itself, before any decoder is given it. Pure.

export type PictureType = "image/webp" | "image/jpeg";

const LARGEST = 640; // pixels a side; a small file may claim to be huge, and only decoding would tell

/** The type of a small picture; null for anything else. */
export function pictureType(bytes: Uint8Array): PictureType | null {
  const size = webpSize(bytes);
  if (size) return small(size) ? "image/webp" : null;
  const jpeg = jpegSize(bytes);
  return jpeg && small(jpeg) ? "image/jpeg" : null;
}

const small = ([width, height]: [number, number]): boolean =>
  width > 0 && height > 0 && width <= LARGEST && height <= LARGEST;

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const at = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;

/** RFC 9649: lossy ("VP8 ") and extended ("VP8X") files; a canvas makes no others here. */
function webpSize(bytes: Uint8Array): [number, number] | null {
  if (bytes.length < 30 || text(bytes, 0) !== "RIFF" || text(bytes, 8) !== "WEBP") return null;
  const kind = text(bytes, 12);
  if (kind === "VP8 ") {
    return [at(bytes, 26) | ((at(bytes, 27) & 0x3f) << 8), at(bytes, 28) | ((at(bytes, 29) & 0x3f) << 8)];
  }
  if (kind !== "VP8X") return null;
  const three = (i: number) => 1 + (at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16));
  return [three(24), three(27)];
}

/** The first frame header of a JPEG (markers C0 to C3). */
function jpegSize(bytes: Uint8Array): [number, number] | null {
  if (at(bytes, 0) !== 0xff || at(bytes, 1) !== 0xd8) return null;
  for (let i = 2; i + 8 < bytes.length && at(bytes, i) === 0xff; ) {
    const marker = at(bytes, i + 1);
    if (marker >= 0xc0 && marker <= 0xc3) {
      return [(at(bytes, i + 7) << 8) | at(bytes, i + 8), (at(bytes, i + 5) << 8) | at(bytes, i + 6)];
    }
    i += 2 + ((at(bytes, i + 2) << 8) | at(bytes, i + 3));
  }
  return null;
}
