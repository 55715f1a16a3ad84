// What a connection did since the last look at it, out of its statistics. Pure. Counts are since the last sample,
// rates in kbit/s, times in ms.
import type { Path } from "../../line/rungs.js";

export type { Path };

export interface Sample {
  /** performance.now() */
  at: number;
  seconds: number;
  linkUp: boolean;
  path: Path;
  /** Sound that came in: packets, how many were missing (fewer than none where missing ones came after all), samples played, and of these the ones made up for
   * want of packets (`silentConcealed`: while nothing was said anyway). */
  audioPackets: number;
  audioLost: number;
  /** Of those missing, also the ones that came after all, and how often several were so in one look. */
  audioMissed: number;
  audioRuns: number;
  totalSamples: number;
  concealed: number;
  silentConcealed: number;
  /** Sum of squared levels times seconds; nothing heard: 0. */
  audioEnergy: number;
  /** Pictures that came in. */
  videoPackets: number;
  framesDecoded: number;
  frameHeight: number;
  /** Round trip, newest known. */
  rtt: number | null;
  /** Looks of the browser's at the way that were answered: each tells a round trip anew. */
  answers: number;
  /** Share of our sound that the other side missed, as it last told; null until it does. */
  outLoss: number | null;
  /** What the browser thinks the path to the other side takes; null where it does not say (Firefox). */
  available: number | null;
  sentBytes: number;
  receivedBytes: number;
  /** Audio packets sent, to tell "muted" from "not leaving". */
  audioSent: number;
  /** As audioEnergy, of our own microphone; where the browser does not say: 0. */
  saidEnergy: number;
  framesSent: number;
  /** Pictures that our camera delivered; where the browser does not say (older Firefox): 0. */
  framesCaptured: number;
}

type Row = { id: string; type: string; kind?: string } & Record<string, unknown>;

/** Counters as they stand; a sample is the difference of two. */
export type Counters = Record<(typeof COUNTED)[number][0], number>;

const COUNTED = [
  ["audioPackets", "inbound-rtp", "audio", "packetsReceived"],
  ["audioLost", "inbound-rtp", "audio", "packetsLost"],
  ["totalSamples", "inbound-rtp", "audio", "totalSamplesReceived"],
  ["concealed", "inbound-rtp", "audio", "concealedSamples"],
  ["silentConcealed", "inbound-rtp", "audio", "silentConcealedSamples"],
  ["audioEnergy", "inbound-rtp", "audio", "totalAudioEnergy"],
  ["videoPackets", "inbound-rtp", "video", "packetsReceived"],
  ["framesDecoded", "inbound-rtp", "video", "framesDecoded"],
  ["sentBytes", "transport", "", "bytesSent"],
  ["receivedBytes", "transport", "", "bytesReceived"],
  ["audioSent", "outbound-rtp", "audio", "packetsSent"],
  ["saidEnergy", "media-source", "audio", "totalAudioEnergy"],
  ["framesSent", "outbound-rtp", "video", "framesSent"],
  ["framesCaptured", "media-source", "video", "frames"],
  ["answers", "candidate-pair", "", "responsesReceived"],
] as const;

const FEW = 6; // packets

const num = (value: unknown): number => (typeof value === "number" ? value : 0);

export function read(rows: Iterable<Row>): { counters: Counters; now: Pick<Sample, "rtt" | "outLoss" | "available" | "path" | "frameHeight"> } {
  const all = [...rows];
  const counters = Object.fromEntries(COUNTED.map(([name]) => [name, 0])) as Counters;
  for (const row of all) {
    for (const [name, type, kind, field] of COUNTED) {
      if (row.type === type && (kind === "" || row.kind === kind)) counters[name] += num(row[field]);
    }
  }
  // Firefox has transport rows without counts, or none: its pairs have them.
  if (!all.some((row) => row.type === "transport" && typeof row.bytesReceived === "number")) {
    for (const row of all.filter(({ type }) => type === "candidate-pair")) {
      counters.sentBytes += num(row.bytesSent);
      counters.receivedBytes += num(row.bytesReceived);
    }
  }
  const byId = new Map(all.map((row) => [row.id, row]));
  const transport = all.find((row) => row.type === "transport" && row.selectedCandidatePairId !== undefined);
  // Without transport rows the nominated pair that succeeded is the one in use.
  const pair = transport ? byId.get(String(transport.selectedCandidatePairId)) : all.find((row) => row.type === "candidate-pair" && row.nominated === true && row.state === "succeeded");
  const heard = all.find((row) => row.type === "remote-inbound-rtp" && row.kind === "audio");
  const rtt = pair?.currentRoundTripTime ?? heard?.roundTripTime;
  const available = pair?.availableOutgoingBitrate;
  const video = all.find((row) => row.type === "inbound-rtp" && row.kind === "video");
  return {
    counters,
    now: {
      rtt: typeof rtt === "number" ? 1000 * rtt : null,
      outLoss: typeof heard?.fractionLost === "number" ? heard.fractionLost : null,
      available: typeof available === "number" ? available / 1000 : null,
      path: pathOf(pair ? byId.get(String(pair.localCandidateId)) : undefined, pair ? byId.get(String(pair.remoteCandidateId)) : undefined),
      frameHeight: num(video?.frameHeight),
    },
  };
}

function pathOf(local: Row | undefined, remote: Row | undefined): Path {
  if (local?.candidateType !== "relay") return remote?.candidateType === "relay" ? "relay" : local?.protocol === "tcp" ? "relay-tcp" : "direct";
  return local.relayProtocol === "udp" || local.relayProtocol === undefined ? "relay" : "relay-tcp";
}

export function difference(before: Counters, after: Counters): Counters & Pick<Sample, "audioMissed" | "audioRuns"> {
  // A counter that fell belongs to a connection made anew: it began at nothing.
  const since = Object.fromEntries(COUNTED.map(([name]) => [name, after[name] >= before[name] ? after[name] - before[name] : after[name]])) as Counters;
  // But what was missing may still come: sound that is sent again is lost no more.
  if (after.audioPackets >= before.audioPackets) since.audioLost = after.audioLost - before.audioLost;
  const audioMissed = Math.max(0, since.audioLost);
  const run = since.audioPackets + audioMissed > FEW ? 3 : 2; // more than losses one by one make likely in a quarter of a second
  return { ...since, audioMissed, audioRuns: Number(audioMissed >= run) };
}

/** Two stretches that follow each other, as one. */
export function joined(first: Sample, second: Sample): Sample {
  const sums = Object.fromEntries(COUNTED.map(([name]) => [name, first[name] + second[name]])) as Counters;
  return { ...second, ...sums, audioMissed: first.audioMissed + second.audioMissed, audioRuns: first.audioRuns + second.audioRuns, seconds: first.seconds + second.seconds, linkUp: first.linkUp && second.linkUp };
}
