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
}

export const sameVoice = (a: Voice, b: Voice): boolean =>
  a.kbit === b.kbit && a.ptime === b.ptime && a.red === b.red && a.dtx === b.dtx;

const EOL = "\r\n";

/** Payload types by codec name in a media section. */
function payloads(section: string, codec: RegExp): string[] {
  return [...section.matchAll(/^a=rtpmap:(\d+) ([^/\r\n]+)/gm)].filter(([, , name]) => codec.test(name ?? "")).map(([, pt]) => pt ?? "");
}

function shapedAudio(section: string, voice: Voice): string {
  const opus = payloads(section, /^opus$/i);
  const red = payloads(section, /^red$/i);
  const first = voice.red ? [...red, ...opus] : [...opus, ...red];
  const wishes = [`usedtx=${voice.dtx ? 1 : 0}`, "useinbandfec=1", "stereo=0", `maxaveragebitrate=${voice.kbit * 1000}`].join(";");
  const lines = section.split(EOL).filter((line) => !/^a=(max)?ptime:/.test(line) && !/^a=rtcp-fb:\d+ nack\b/.test(line));
  const out = lines.map((line) => {
    const [, head, rest] = /^(m=audio \S+ \S+) (.*)$/.exec(line) ?? [];
    if (head && rest) return [head, ...first, ...rest.split(" ").filter((pt) => !first.includes(pt))].join(" ");
    const pt = /^a=fmtp:(\d+) /.exec(line)?.[1];
    return pt && opus.includes(pt) ? `a=fmtp:${pt} minptime=10;${wishes}` : line;
  });
  // Lost sound is asked for again as well: it helps against bursts, where the receiver has the patience.
  const more = [...first.map((pt) => `a=rtcp-fb:${pt} nack`), `a=ptime:${voice.ptime}`, `a=maxptime:${voice.ptime}`];
  return insert(out, more);
}

function insert(lines: string[], more: string[]): string {
  const at = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return [...lines.slice(0, at), ...more, ...lines.slice(at)].join(EOL);
}

function shapedVideo(section: string, startKbit: number): string {
  const lines = section.split(EOL).filter((line) => !/^a=fmtp:\d+ x-google-/.test(line));
  return insert(lines, payloads(section, /^vp8$/i).map((pt) => `a=fmtp:${pt} x-google-start-bitrate=${startKbit}`));
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
export function shaped(sdp: string, voice: Voice, startKbit: number): string {
  const [head = "", ...rest] = sdp.split(/(?=^m=)/m);
  const sections = rest.map(tidied);
  const change = (section: string) =>
    section.startsWith("m=audio") ? shapedAudio(section, voice) : section.startsWith("m=video") ? shapedVideo(section, startKbit) : section;
  return [head, ...sections.map(change)].join("");
}
