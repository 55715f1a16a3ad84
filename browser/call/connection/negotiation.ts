// The exchange of descriptions and addresses of one RTCPeerConnection: perfect negotiation, numbered offers, and the form
// of the voice applied anew without an exchange. Who the other is, and when a connection is made anew, is the link's.
import { fingerprintIn } from "./certificates.js";
import { prefer } from "./codecs.js";
import type { SignalData } from "./protocol.js";
import { sameVoice, shaped, type Belief, type Voice } from "./sdp.js";
import { tuneAll } from "./transceivers.js";
import { FIRST, type Media } from "./tuning.js";

export interface NegotiationOptions {
  polite: boolean;
  /** What we want to send now. */
  media: () => Media;
  say: (part: Partial<SignalData>) => void;
  /** An offer of the other's is about to be applied. */
  onOffer: (offer: RTCSessionDescriptionInit) => void;
  /** It is applied, and about to be answered. */
  onAnswering: () => void;
  onAnswered: () => void;
  /** An offer of our own could not be made. */
  onFailed: () => void;
  onCertificate: () => void;
}

const LATELY = 4000; // ms
/** Of the picture's rate, and kbit/s. What the browser means to try, of what it was told first, it tries when the first
 * picture goes, however much later and whatever it was told since: with less than its own default it lets that picture out
 * in drops, and takes those for the line. */
const START = { share: 0.8, least: 300 };
const THIN_PICTURE = 60; // kbit/s: below it the line is one for voice
const THIN = { start: 48, least: null, most: 60 };
const SMALL = { start: 210, least: 210, most: 210 }; // the picture's own bound does the rest, and need not be described

/** Where the browser measures the line by itself, it does so with the first picture, which then comes two seconds later on
 * a thin one, and the voice with it; on one for a small picture it fills a second with copies every ten. Unmeasured, it
 * would believe in less with every loss: it is told to believe in enough for any small one. */
function beliefIn({ picture, measured }: Media): Belief {
  const kbit = picture?.kbit ?? 0;
  if (kbit < THIN_PICTURE) return { ...THIN, picture: kbit > 0, measured };
  if (measured) return { start: Math.max(START.least, Math.round(START.share * kbit)), least: null, most: null, picture: true, measured };
  return { ...SMALL, picture: true, measured };
}

/** What must be described anew to be in force; where it begins matters but once. */
const inForce = ({ least, most, picture, measured }: Belief): string => JSON.stringify([least, most, picture, measured]);

export class Negotiation {
  private makingOffer = false;
  private early: RTCIceCandidateInit[] = [];
  /** How the description in force asks us to speak. */
  private spoken: Voice | null = null;
  private believed = "";
  /** The other side's last description as it came, and our last answer to one. */
  private theirs: RTCSessionDescriptionInit | null = null;
  private answered: RTCSessionDescriptionInit | null = null;
  private resumed = false;
  /** A new path is being looked for: the next description must be a real one. */
  private restarting = false;
  /** The other is to offer: taking ours back makes the browser wish for another. */
  private yielding = false;
  private offers = 0;
  private offeredAt = -Infinity;

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly options: NegotiationOptions,
  ) {}

  async offer(): Promise<void> {
    const { pc } = this;
    if (pc.signalingState !== "stable" || this.yielding) return;
    try {
      this.makingOffer = true;
      await pc.setLocalDescription();
      if (!this.over && pc.localDescription) {
        this.offeredAt = performance.now();
        this.options.say({ description: pc.localDescription.toJSON(), n: ++this.offers });
      }
    } catch {
      this.options.onFailed();
    } finally {
      this.makingOffer = false;
    }
  }

  /** Our offer as it went out, where it or its answer may have been lost. Asked for just as it went out it is left to
   * arrive: on a thin line a second one costs a second. */
  offerAgain(after = LATELY): void {
    const { pc } = this;
    if (pc.signalingState !== "have-local-offer" || !pc.localDescription || performance.now() - this.offeredAt < after) return;
    this.offeredAt = performance.now();
    this.options.say({ description: pc.localDescription.toJSON(), n: this.offers });
  }

  /** Offers a new path; `renew` brings what the browser is to look by. */
  async restart(renew: () => Promise<void>): Promise<void> {
    const { pc } = this;
    this.restarting = true;
    await this.takeBack();
    this.yielding = false;
    await renew().catch(() => undefined); // then by the passwords we have
    pc.restartIce();
    await this.offer();
  }

  /** An offer that was on its way when the line broke is of no use any more. False: there is none, or no other state to
   * go back to. */
  async takeBack(): Promise<boolean> {
    const { pc } = this;
    if (pc.signalingState !== "have-local-offer" || !pc.remoteDescription) return false;
    this.yielding = true;
    await pc.setLocalDescription({ type: "rollback" });
    return true;
  }

  async onDescription(description: RTCSessionDescriptionInit, n: number): Promise<void> {
    const { pc, options } = this;
    const again = description.type === "offer" && this.theirs?.sdp === description.sdp;
    if (again) {
      // Also while an offer of ours is under way: they wait for this answer and do not take that offer before.
      if (pc.signalingState !== "have-remote-offer" && this.answered) options.say({ description: this.answered, n });
      return;
    }
    this.yielding = false;
    const collision = description.type === "offer" && (this.makingOffer || pc.signalingState !== "stable");
    if (collision && !options.polite) return this.offerAgain(); // who gives way has not heard of ours
    if (description.type === "answer" && (pc.signalingState !== "have-local-offer" || n !== this.offers)) return;
    const certificate = fingerprintIn(description.sdp);
    if (!certificate || (pc.remoteDescription && fingerprintIn(pc.remoteDescription.sdp) !== certificate)) {
      options.onCertificate();
      return;
    }
    if (description.type === "offer") options.onOffer(description);
    await this.applyTheirs(description, description.type === "offer");
    for (const candidate of this.early.splice(0)) await pc.addIceCandidate(candidate).catch(() => undefined);
    if (description.type !== "offer") return tuneAll(pc, options.media());
    options.onAnswering();
    this.face();
    await this.answer(() => options.say({ description: this.answered ?? undefined, n }));
    options.onAnswered();
  }

  /** What we would answer; nothing is looked for yet. */
  async wouldAnswer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    await this.applyTheirs(offer, true);
    this.face();
    return this.pc.createAnswer();
  }

  /** An offer, and what we would answer, which the other knows already. */
  async resume(offer: RTCSessionDescriptionInit, answer: RTCSessionDescriptionInit): Promise<void> {
    await this.wouldAnswer(offer); // without it a browser takes none
    await this.answer(() => undefined, answer);
  }

  private async answer(say: () => void, ready?: RTCSessionDescriptionInit): Promise<void> {
    const { pc } = this;
    this.resumed = ready !== undefined;
    await pc.setLocalDescription(ready);
    this.answered = pc.localDescription?.toJSON() ?? null;
    if (this.answered) say();
    await this.retune(); // what we answered tells the other how to send; how we do is ours
    await tuneAll(pc, this.options.media());
  }

  /** Where the other had our answer before we gave it, it names the sources that they play: one made anew would name others,
   * and nothing of ours would be heard there. */
  private async answerAgain(): Promise<void> {
    const { pc, answered } = this;
    if (this.resumed && answered) await pc.createAnswer();
    await pc.setLocalDescription((this.resumed && answered) || undefined);
  }

  private face(): void {
    for (const transceiver of this.pc.getTransceivers()) {
      transceiver.direction = "sendrecv";
      prefer(transceiver);
    }
  }

  async onCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.pc.remoteDescription) await this.pc.addIceCandidate(candidate).catch(() => undefined);
    else this.early.push(candidate);
  }

  /** In Chromium our answer puts out of force what is to be believed, and a picture may be held down to 30 kbit/s. Described
   * once more, in other words, and taken back, it stays in force. */
  private async believeAgain({ type, sdp = "" }: RTCSessionDescriptionInit, media: Media, voice: Voice): Promise<void> {
    const belief = beliefIn(media);
    if (belief.least === null || !("userAgentData" in navigator)) return;
    await this.pc.setRemoteDescription({ type, sdp: shaped(sdp, voice, { ...belief, least: belief.least - 1 }) });
    await this.pc.setRemoteDescription({ type: "rollback" });
  }

  /** Applies the other's last description anew, with what is wanted now; nothing is exchanged. Each keeps its part: an
   * offer of ours after theirs would have other numbers for the codecs in Firefox, and what comes would not be played. */
  async retune(): Promise<void> {
    const { pc, theirs, spoken } = this;
    const media = this.options.media();
    const voice = media.voice ?? spoken; // where none is sent: what is measured may change all the same
    if (this.restarting || !theirs || !voice || pc.signalingState !== "stable") return;
    const wanted = inForce(beliefIn(media));
    if (spoken && sameVoice(spoken, voice) && this.believed === wanted) return;
    try {
      if (theirs.type === "answer") await pc.setLocalDescription(await pc.createOffer());
      await this.applyTheirs(theirs);
      if (theirs.type === "offer") {
        await this.answerAgain();
        await this.believeAgain(theirs, media, voice);
      }
      await tuneAll(pc, this.options.media());
    } catch {
      // A browser that will not have it speaks on as before, and is not asked again; what is half done is taken back.
      this.spoken = voice;
      this.believed = wanted;
      await pc.setLocalDescription({ type: "rollback" }).catch(() => undefined);
    }
  }

  /** `toAnswer`: our answer goes out, and must not say that we wish for less than we do. */
  private async applyTheirs(description: RTCSessionDescriptionInit, toAnswer = false): Promise<void> {
    const media = this.options.media();
    const belief = beliefIn(media);
    if (toAnswer) belief.picture = belief.measured = true;
    const voice = media.voice ?? this.spoken ?? FIRST.voice;
    const sdp = voice ? shaped(description.sdp ?? "", voice, belief) : description.sdp;
    await this.pc.setRemoteDescription({ type: description.type, sdp });
    this.restarting = false;
    this.theirs = description;
    this.spoken = voice;
    this.believed = inForce(belief);
  }

  private get over(): boolean {
    return this.pc.signalingState === "closed";
  }
}
