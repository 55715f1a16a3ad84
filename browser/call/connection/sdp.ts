// What can only be asked for in a description. Opus reads how to send from the description of the other side, so we
// edit what we were given before it is applied: no exchange is needed, and neither browser can tell. Pure.

export interface Voice {
  kbit: number;
  /** Length of a packet in ms: fewer packets, less spent on headers. */
  ptime: 20 | 60 | 120;
  /** Each packet carries the one before as well (RFC 2198). */
  red: boolean;
  /** Nearly nothing is sent while nothing is said. */
  dtx: boolean;
  /** What is lost is asked for and sent again. */
  nack: boolean;
}

export const sameVoice = (a: Voice, b: Voice): boolean =>
  a.kbit === b.kbit && a.ptime === b.ptime && a.red === b.red && a.dtx === b.dtx && a.nack === b.nack;

const EOL = "\r\n";

/** Payload types by codec name in a media section. */
function payloads(section: string, codec: RegExp): string[] {
  return [...section.matchAll(/^a=rtpmap:(\d+) ([^/\r\n]+)/gm)].filter(([, , name]) => codec.test(name ?? "")).map(([, pt]) => pt ?? "");
}

function shapedAudio(section: string, voice: Voice, { measured }: Belief): string {
  const opus = payloads(section, /^opus$/i);
  const red = payloads(section, /^red$/i);
  const first = voice.red ? [...red, ...opus] : [...opus, ...red];
  const wishes = [`usedtx=${voice.dtx ? 1 : 0}`, "useinbandfec=1", "stereo=0", `maxaveragebitrate=${voice.kbit * 1000}`].join(";");
  const lines = section.split(EOL).filter((line) => !/^a=(max)?ptime:/.test(line) && !/^a=rtcp-fb:\d+ nack\b/.test(line));
  const told = measured ? lines : unmeasured(lines);
  const out = told.map((line) => {
    const [, head, rest] = /^(m=audio \S+ \S+) (.*)$/.exec(line) ?? [];
    if (head && rest) return [head, ...first, ...rest.split(" ").filter((pt) => !first.includes(pt))].join(" ");
    const pt = /^a=fmtp:(\d+) /.exec(line)?.[1];
    return pt && opus.includes(pt) ? `a=fmtp:${pt} minptime=10;${wishes}` : line;
  });
  // Lost sound asked for again helps against bursts, where the receiver has the patience.
  const more = [...(voice.nack ? first.map((pt) => `a=rtcp-fb:${pt} nack`) : []), `a=ptime:${voice.ptime}`, `a=maxptime:${voice.ptime}`];
  return insert(out, more);
}

function insert(lines: string[], more: string[]): string {
  const at = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return [...lines.slice(0, at), ...more, ...lines.slice(at)].join(EOL);
}

export interface Belief {
  /** kbit/s that the browser begins with, and the least and most it ever believes in (null: as it finds). */
  start: number;
  least: number | null;
  most: number | null;
  /** Whether a picture is sent at all. */
  picture: boolean;
  /** Whether the browser measures the line by what it sends. */
  measured: boolean;
}

/** Without what the browser would measure the line with: it fills it up with copies of what it just sent and with empty
 * packets, which on a thin one stand in the way of what is being said for two seconds; and if the reports end while it
 * does so for its own reasons, it never stops. Where no packet says when it left, there is nothing it may send for that. */
const unmeasured = (lines: string[]): string[] => lines.filter((line) => !/transport-(wide-)?cc\b|abs-send-time|goog-remb/.test(line));

/** As if the other side wished to see nothing. */
const UNSEEN: Record<string, string> = { "a=sendrecv": "a=sendonly", "a=recvonly": "a=inactive" };

function shapedVideo(section: string, { start, least, most, picture, measured }: Belief): string {
  const plain = section.split(EOL).filter((line) => !/^a=fmtp:\d+ x-google-/.test(line));
  const told = measured ? plain : unmeasured(plain);
  const lines = picture ? told : told.map((line) => UNSEEN[line] ?? line);
  const bounds = Object.entries({ start, min: least, max: most }).filter(([, kbit]) => kbit !== null);
  const wish = bounds.map(([name, kbit]) => `x-google-${name}-bitrate=${kbit}`).join(";");
  return insert(lines, payloads(section, /^vp8$/i).map((pt) => `a=fmtp:${pt} ${wish}`));
}

/** Without the lines of codecs that the section does not offer: Firefox leaves them when it is told what to prefer, and
 * Chromium then reads nothing of the description at all. */
function tidied(section: string): string {
  const offered = /^m=(?:audio|video) \S+ \S+ (.*)$/m.exec(section)?.[1]?.trim().split(" ");
  if (!offered) return section;
  const stray = (line: string): boolean => {
    const pt = /^a=(?:rtcp-fb|fmtp|rtpmap):(\d+) /.exec(line)?.[1];
    return pt !== undefined && !offered.includes(pt);
  };
  return section.split(EOL).filter((line) => !stray(line)).join(EOL);
}

/** The other side's description as we apply it: it decides how *we* send. */
export function shaped(sdp: string, voice: Voice, belief: Belief): string {
  const [head = "", ...rest] = sdp.split(/(?=^m=)/m);
  const sections = rest.map(tidied);
  const change = (section: string) =>
    section.startsWith("m=audio") ? shapedAudio(section, voice, belief) : section.startsWith("m=video") ? shapedVideo(section, belief) : section;
  return [head, ...sections.map(change)].join("");
}
