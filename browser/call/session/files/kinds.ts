// Which files may be given across, told by what is in them and never by what they are called. Pure.

export type Kind = "jpeg" | "png" | "webp" | "pdf" | "docx" | "text";

interface Facts {
  mime: string;
  /** The first is given to a file whose name has none of them. */
  endings: string[];
  image: boolean;
}

export const KINDS: Record<Kind, Facts> = {
  jpeg: { mime: "image/jpeg", endings: ["jpg", "jpeg"], image: true },
  png: { mime: "image/png", endings: ["png"], image: true },
  webp: { mime: "image/webp", endings: ["webp"], image: true },
  pdf: { mime: "application/pdf", endings: ["pdf"], image: false },
  docx: {
    mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings: ["docx"],
    image: false,
  },
  text: { mime: "text/plain", endings: ["txt"], image: false },
};
export const MOST = 10 * 1024 * 1024; // bytes of a file
const LONGEST_NAME = 60; // characters before the ending

const latin = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const begins = (bytes: Uint8Array, start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** null: none that may pass. HTML and SVG are text here, and are saved as text. */
export function kindOf(bytes: Uint8Array): Kind | null {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  const head = latin(bytes.subarray(0, 12));
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "webp";
  if (head.startsWith("%PDF-")) return "pdf";
  if (head.startsWith("PK\u0003\u0004")) return isDocx(bytes) ? "docx" : null;
  return isText(bytes) ? "text" : null;
}

/** The names of what an archive holds stand in it as they are; one with programs in it does not pass. */
function isDocx(bytes: Uint8Array): boolean {
  const text = latin(bytes);
  return text.includes("[Content_Types].xml") && text.includes("word/document.xml") && !text.includes("vbaProject");
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return !/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text);
  } catch {
    return false;
  }
}

/** A name that is only a name: no path, nothing unseen that turns it round, and the ending of what it is. */
export function cleanName(raw: string, kind: Kind): string {
  const { endings } = KINDS[kind];
  const last = raw.normalize("NFC").split(/[/\\]/).pop() ?? "";
  const plain = last.replace(/[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu, "").replace(/\s+/g, " ").replace(/^[.\s]+|[.\s]+$/g, "");
  const dot = plain.lastIndexOf(".");
  const known = dot > 0 && endings.includes(plain.slice(dot + 1).toLowerCase());
  const ending = known ? plain.slice(dot + 1).toLowerCase() : endings[0];
  const stem = [...(known ? plain.slice(0, dot) : plain)].slice(0, LONGEST_NAME).join("").trim();
  return `${stem || "berkas"}.${ending}`;
}
