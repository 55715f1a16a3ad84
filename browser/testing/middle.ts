// A hostile server's middle, for the journeys: two connections built with the product's own parts, one to each person,
// sound and picture passed on, and an honest-looking check towards each.
import { ChannelBus } from "../call/connection/bus.js";
import { certificatesOf } from "../call/connection/certificates.js";
import { Link } from "../call/connection/peer.js";
import type { Role, SignalData } from "../call/connection/protocol.js";
import { Shorthand } from "../call/connection/shorthand.js";
import { Verification } from "../call/session/verify/verification.js";

type Leg = "client" | "counsellor"; // the person at its far end

interface Hostile {
  out: { leg: Leg; d: SignalData }[];
  take: (leg: Leg, d: SignalData) => void;
  words: () => Record<Leg, string[]>;
  start: (code: string, client: number, counsellor: number) => void;
}

function leg(out: Hostile["out"], to: Leg, code: string, pair: { me: number; other: number }) {
  const bus = new ChannelBus();
  const playing: Role = to === "client" ? "counsellor" : "client";
  const shorthand = new Shorthand((d) => out.push({ leg: to, d }) > 0);
  const link: Link = new Link({
    polite: playing === "client",
    send: (d) => shorthand.say(d),
    ice: async () => ({ servers: [], relay: "none", hidden: false }),
    onRefused: () => undefined,
    onState: () => undefined,
    onBye: () => undefined,
    onDoubt: async () => true,
    reachable: () => true,
    hears: async () => true,
    bus,
    onCertificate: () => undefined,
  });
  const verification = new Verification({
    bus, code, role: playing, pair: () => pair, certificates: () => certificatesOf(link.stats()), now: () => Date.now(),
    stop: () => undefined, anew: () => undefined,
  });
  link.openTap();
  const take = (d: SignalData): void => {
    const told = shorthand.read(d);
    if (told) void link.onSignal(told);
  };
  return { link, take, verification };
}

const out: Hostile["out"] = [];
let legs: Record<Leg, ReturnType<typeof leg>> | null = null;

(globalThis as unknown as { hostile: Hostile }).hostile = {
  out,
  take: (from, d) => legs?.[from].take(d),
  words: () => ({ client: legs?.client.verification.trust.words ?? [], counsellor: legs?.counsellor.verification.trust.words ?? [] }),
  start: (code, client, counsellor) => {
    const toClient = leg(out, "client", code, { me: counsellor, other: client });
    const toCounsellor = leg(out, "counsellor", code, { me: client, other: counsellor });
    legs = { client: toClient, counsellor: toCounsellor };
    setInterval(() => {
      const heard = { client: toClient.link.remoteTracks(), counsellor: toCounsellor.link.remoteTracks() };
      const of = (tracks: MediaStreamTrack[], kind: string) => tracks.find((track) => track.kind === kind) ?? null;
      toCounsellor.link.setTracks({ audio: of(heard.client, "audio"), video: of(heard.client, "video") });
      toClient.link.setTracks({ audio: of(heard.counsellor, "audio"), video: of(heard.counsellor, "video") });
    }, 250);
  },
};
