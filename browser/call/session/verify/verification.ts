// Runs the check over the bus, once for each encrypted connection and never a second time in the same one.
import type { Bus } from "../../connection/bus.js";
import type { BusSession } from "../../connection/bus-session.js";
import type { Fingerprints } from "../../connection/certificates.js";
import type { Role } from "../../connection/protocol.js";
import { identityOf, type Identity } from "./identity.js";
import { begin, FRAMES, receive, type FrameKind, type Me, type Run, type Step } from "./run.js";
import { fromFingerprint, same, wordsOf } from "./transcript.js";
import { isChecked, onTrust, untold, type Abort, type Trust, type TrustEvent } from "./trust.js";

export interface Host {
  bus: Bus;
  code: string;
  role: Role;
  /** Both people's numbers, once they are known. */
  pair: () => { me: number; other: number } | null;
  /** What the encryption itself used, or null where the browser does not tell. */
  certificates: () => Promise<Fingerprints | null>;
  /** ms since 1970, by the server's clock. */
  now: () => number;
  /** Sound and picture end here and now. */
  stop: () => void;
  /** A new connection is wanted, after a stop as well. */
  anew: () => void;
  identity?: typeof identityOf;
}

interface Attempt {
  session: BusSession;
  me: Me;
  identity: Identity;
  run: Run;
}

const KIND = "pre.words.";
const ANSWER_WITHIN = 60_000; // ms; four messages at 2 s each way, with much patience

export class Verification {
  private current: Trust;
  private readonly listeners: ((trust: Trust, before: Trust) => void)[] = [];
  private attempt: Attempt | null = null;
  private session: BusSession | null = null;
  private work: Promise<void> = Promise.resolve();
  private patience: ReturnType<typeof setTimeout> | undefined;
  private readonly seen = new Set<string>();
  /** Where the last connection stood when its channels closed. */
  private left: { session: BusSession; attempt: Attempt | null; trust: Trust } | null = null;

  constructor(private readonly host: Host, stoppedBy: Trust["stoppedBy"] = null) {
    this.current = untold(stoppedBy);
    const { bus } = host;
    bus.onOpen((session) => this.open(session));
    bus.onClose(() => this.close());
    for (const kind of FRAMES) bus.on(KIND + kind, (body) => this.hear(kind, body));
    bus.on(`${KIND}said`, (body) => this.heardSaid(body));
    bus.on(`${KIND}abort`, () => this.inTurn(() => this.fail("other", false)));
  }

  get trust(): Trust {
    return this.current;
  }

  get stopped(): boolean {
    return this.current.is === "stopped";
  }

  subscribe(listener: (trust: Trust, before: Trust) => void): void {
    this.listeners.push(listener);
  }

  /** `run`: the words that were read; words that have changed meanwhile are not confirmed by it. */
  match(run: number): void {
    if (run !== this.current.run || this.current.is !== "words" || this.current.mine) return;
    this.dispatch({ type: "match", who: "me" });
    this.tellMatch();
    this.keepIfBoth();
  }

  /** They differ; or the check was broken off, and this person wants nothing more to go out. */
  stop(run: number): void {
    if (run === this.current.run && (this.current.is === "words" || this.current.is === "aborted")) this.halt("me");
  }

  /** The other stopped, and the server or the bus brought the word. */
  otherStopped(): void {
    if (!this.stopped) this.halt("other");
  }

  /** A new connection with new words, because a person asked for it. */
  anew(): void {
    if (this.stopped) this.dispatch({ type: "resumed" });
    else if (this.current.is !== "aborted") return;
    this.host.anew();
  }

  /** A description named another certificate than the one of this connection. */
  certificateChanged(): void {
    this.inTurn(() => this.fail("certificate"));
  }

  private open(session: BusSession): void {
    if (this.stopped) return;
    if (this.seen.has(session.id)) return this.reopen(session);
    this.seen.add(session.id);
    this.session = session;
    this.attempt = null;
    this.dispatch({ type: "opened" });
    if (this.current.is !== "running") return;
    this.wait();
    this.inTurn(() => this.start(session));
  }

  /** Other channels of the same encryption: there is no second run, and what was shown of the first stands. */
  private reopen(session: BusSession): void {
    const { left } = this;
    if (left?.session.id !== session.id) return;
    this.session = left.session;
    this.attempt = left.attempt;
    this.dispatch({ type: "reopened", trust: left.trust });
    if (this.current.is === "running") this.wait(); // what was under way may be lost; then that is shown
    if (this.current.mine) this.tellMatch();
  }

  private wait(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.inTurn(() => this.fail("silent")), ANSWER_WITHIN);
  }

  private close(): void {
    clearTimeout(this.patience);
    if (this.session) this.left = { session: this.session, attempt: this.attempt, trust: this.current };
    this.session = this.attempt = null;
    this.dispatch({ type: "closed" });
  }

  private inTurn(work: () => void | Promise<void>): void {
    this.work = this.work.then(work).catch(() => this.dispatch({ type: "no_crypto" }));
  }

  private async start(session: BusSession): Promise<void> {
    const pair = this.host.pair();
    const mine = fromFingerprint(session.fingerprints.mine);
    const theirs = fromFingerprint(session.fingerprints.theirs);
    const used = await this.host.certificates();
    if (this.session !== session || !pair) return;
    const others = used && (used.mine !== session.fingerprints.mine || used.theirs !== session.fingerprints.theirs);
    if (!mine || !theirs || others) return this.fail("certificate");
    const identity = await (this.host.identity ?? identityOf)(pair.me, pair.other);
    if (this.session !== session) return;
    // Our own seat says which side we are; the descriptions of a stranger do not.
    const side = this.host.role === "counsellor" ? "a" : "b";
    const [fa, fb] = side === "a" ? [mine, theirs] : [theirs, mine];
    const me: Me = { side, identity: identity.id, ground: { code: this.host.code, attempt: this.current.run, fa, fb } };
    const attempt: Attempt = { session, me, identity, run: { at: "listening" } };
    this.attempt = attempt;
    this.take(attempt, await begin(me, identity.tools));
  }

  private hear(kind: FrameKind, body: unknown): void {
    this.inTurn(async () => {
      const { attempt } = this;
      if (attempt && this.current.is !== "aborted") this.take(attempt, await receive(attempt.me, attempt.run, { kind, body }, attempt.identity.tools));
    });
  }

  private take(attempt: Attempt, { run, send }: Step): void {
    if (this.attempt !== attempt || this.stopped) return;
    const before = attempt.run;
    attempt.run = run;
    for (const { kind, body } of send) this.host.bus.send(KIND + kind, body);
    if (run.at === "aborted" && before.at !== "aborted") this.fail(run.why);
    if (run.at !== "proved" || before.at === "proved") return;
    clearTimeout(this.patience);
    const { peers, remembers } = attempt.identity;
    const known = peers.find(({ id }) => same(id, run.peer));
    const peer = known ? "known" : peers.length ? "changed" : "new";
    this.dispatch({ type: "proved", words: wordsOf(run.hash), peer, since: known?.on ?? null, remembers });
  }

  private fail(why: Abort, tell = true): void {
    const before = this.current;
    this.dispatch({ type: "aborted", why });
    if (this.current === before) return;
    clearTimeout(this.patience);
    if (tell) this.host.bus.send(`${KIND}abort`, { why });
  }

  private heardSaid(body: unknown): void {
    const match = typeof body === "object" && body !== null ? (body as { match?: unknown }).match : undefined;
    if (match === false) this.otherStopped();
    else if (match === true) {
      this.inTurn(() => {
        this.dispatch({ type: "match", who: "other" });
        return this.keepIfBoth();
      });
    }
  }

  private tellMatch(): void {
    this.host.bus.send(`${KIND}said`, { match: true });
  }

  private async keepIfBoth(): Promise<void> {
    const { attempt, current } = this;
    if (attempt?.run.at !== "proved" || !current.mine || !current.theirs || !isChecked(current)) return;
    await attempt.identity.remember(attempt.run.peer, this.host.now());
  }

  private halt(who: "me" | "other"): void {
    const { attempt } = this;
    if (who === "me") this.host.bus.send(`${KIND}said`, { match: false });
    this.dispatch({ type: "differ", who });
    clearTimeout(this.patience);
    this.attempt = this.session = null;
    // Whoever this device was taken for has to be confirmed anew.
    if (attempt?.run.at === "proved") void attempt.identity.forget(attempt.run.peer);
    this.host.stop();
  }

  private dispatch(event: TrustEvent): void {
    const before = this.current;
    this.current = onTrust(before, event);
    if (this.current !== before) for (const listener of this.listeners) listener(this.current, before);
  }
}
