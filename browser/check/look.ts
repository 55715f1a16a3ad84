// Light, from the own picture's brightness; the picture itself goes nowhere.

const WIDTH = 32;
const HEIGHT = 24;

export interface Brightness {
  middle: number;
  rim: number;
}

export function brightness(video: HTMLVideoElement): Brightness | null {
  if (!video.videoWidth) return null;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  if (!paint) return null;
  paint.drawImage(video, 0, 0, WIDTH, HEIGHT);
  return split(paint.getImageData(0, 0, WIDTH, HEIGHT).data, WIDTH, HEIGHT);
}

/** Means over the middle third (where the outline asks the face to be) and over the rest. */
export function split(pixels: ArrayLike<number>, width: number, height: number): Brightness {
  let middle = 0, rim = 0, inside = 0, outside = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const luminance = 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
      if (x > width / 3 && x < (2 * width) / 3 && y > height / 6 && y < (5 * height) / 6) {
        middle += luminance;
        inside += 1;
      } else {
        rim += luminance;
        outside += 1;
      }
    }
  }
  return { middle: middle / Math.max(1, inside), rim: rim / Math.max(1, outside) };
}
