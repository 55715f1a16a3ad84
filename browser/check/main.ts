// The device check on the preparation page. Every part stands for itself: what cannot be tried is said, the rest goes on.
import { alreadyAllowed, openDevices } from "../call/media/devices.js";
import { decibels, meter } from "../call/media/levels.js";
import { audioContext, playTone } from "../call/media/tone.js";
import { lightOf, noiseOf, type Facts, type Line, type Path } from "./facts.js";
import { forecast, report, type Forecast } from "./forecast.js";
import { testLine } from "./line.js";
import { measureLoop } from "./loop.js";
import { brightness } from "./look.js";
import { findPath, udpAnswers } from "./path.js";
import { rowOf, type RowName } from "./rows.js";

interface CheckConfig {
  urls: { ping: string; down: string; up: string; report: string; ways: string };
  words: Record<string, string>;
  csrf: string;
  /** Length of the session. */
  minutes: number;
}

interface Ways {
  iceServers: RTCIceServer[];
  /** Our own server, asked whether UDP gets through. */
  stun: string;
}

const ROWS: RowName[] = ["camera", "light", "microphone", "noise", "tone", "line", "path"];
const LISTEN = 5000; // ms
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

class Check {
  private facts: Facts = {};
  private measuring = false;
  private readonly say: (key: string) => string;

  constructor(
    private readonly root: HTMLElement,
    private readonly config: CheckConfig,
  ) {
    this.say = (key) => config.words[key] ?? "";
    this.press("[data-check-open]", () => void this.devices());
    this.press("[data-check-tone]", () => this.tone());
    this.press("[data-tone-yes]", () => this.answer("heard"));
    this.press("[data-tone-no]", () => this.answer("not_heard"));
    this.press("[data-check-again]", () => void this.line());
    this.draw();
    void this.line();
    void alreadyAllowed().then((allowed) => (allowed ? this.devices() : undefined));
  }

  private find<T extends Element = HTMLElement>(selector: string): T | null {
    return this.root.querySelector<T>(selector);
  }

  private press(selector: string, act: () => void): void {
    this.find(selector)?.addEventListener("click", act);
  }

  private async devices(): Promise<void> {
    const button = this.find("[data-check-open]");
    button?.setAttribute("hidden", "");
    const { audio, video, camera, microphone } = await openDevices();
    this.learn({ camera, microphone });
    if (camera !== "on" && microphone !== "on") button?.removeAttribute("hidden");
    await Promise.all([video ? this.look(video) : null, audio ? this.listen(audio) : null]);
    await this.send();
  }

  private async look(track: MediaStreamTrack): Promise<void> {
    const video = this.find<HTMLVideoElement>("[data-check-video]");
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    await video.play().catch(() => undefined);
    await sleep(1200); // the camera finds its exposure
    const seen = brightness(video);
    if (seen) this.learn({ light: lightOf(seen.middle, seen.rim), luminance: Math.round(seen.middle) });
    track.addEventListener("ended", () => this.learn({ camera: "busy" }), { once: true });
  }

  private async listen(track: MediaStreamTrack): Promise<void> {
    const context = audioContext();
    if (!context) return;
    const heard = meter(track, context);
    const level = this.find<HTMLProgressElement>("[data-check-level]");
    const levels: number[] = [];
    const begin = performance.now();
    const timer = setInterval(() => {
      const now = heard.read();
      if (level) level.value = Math.max(0, decibels(now) + 70);
      if (now > 0 && performance.now() - begin < LISTEN) levels.push(now);
    }, 60);
    track.addEventListener("ended", () => clearInterval(timer), { once: true });
    await sleep(LISTEN);
    if (!levels.length) return; // held back until the page is touched
    // The quiet moments between words are what is around the speaker.
    const quiet = levels.sort((a, b) => a - b)[Math.floor(levels.length / 4)] ?? 0;
    const noise_db = Math.round(decibels(quiet));
    this.learn({ noise: noiseOf(noise_db), noise_db });
  }

  private tone(): void {
    if (playTone()) this.find("[data-tone-question]")?.removeAttribute("hidden");
    else this.learn({ tone: "not_heard" });
  }

  private answer(tone: "heard" | "not_heard"): void {
    this.find("[data-tone-question]")?.setAttribute("hidden", "");
    this.learn({ tone });
  }

  private async line(): Promise<void> {
    if (this.measuring) return;
    this.measuring = true;
    this.facts = { ...this.facts, line: undefined, path: undefined };
    this.draw();
    const bar = this.find<HTMLProgressElement>("[data-check-progress]");
    const progress = (part: number): void => void (bar && (bar.value = part));
    this.learn(await this.measure(await this.ways(), progress));
    this.measuring = false;
    await this.send();
  }

  /** By the relay, where there is one, since that shows what sound and picture meet; else by what the server's pages
   * take and whether UDP gets through. One after the other: they would take the line from each other. */
  private async measure({ iceServers, stun }: Ways, progress: (part: number) => void): Promise<{ line?: Line; path: Path }> {
    if ((await findPath()) === "no") return { line: await testLine(this.config.urls, progress), path: "no" };
    const loop = iceServers.length ? await measureLoop(iceServers, progress) : null;
    if (loop?.rate) {
      const { rate, rtt, jitter, loss, burst, path: route } = loop;
      return { path: "yes", line: { rtt_ms: rtt, jitter_ms: jitter, loss, burst, down_kbit: rate, up_kbit: rate, route } };
    }
    const udp = await udpAnswers(stun);
    return { line: await testLine(this.config.urls, progress), path: loop || udp !== false ? "yes" : "no" };
  }

  private async ways(): Promise<Ways> {
    try {
      const response = await fetch(this.config.urls.ways, { method: "POST", headers: { "X-CSRFToken": this.config.csrf } });
      const { iceServers = [], stun = "" } = (await response.json()) as Partial<Ways>;
      return { iceServers: iceServers.filter(({ credential }) => credential), stun };
    } catch {
      return { iceServers: [], stun: "" };
    }
  }

  private learn(more: Facts): void {
    this.facts = { ...this.facts, ...more };
    this.draw();
  }

  /** Only with the line known; later findings are sent again. */
  private async send(): Promise<void> {
    const found = forecast(this.facts, this.config.minutes);
    if (!found) return;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.config.csrf };
    const body = JSON.stringify(report(this.facts, found));
    await fetch(this.config.urls.report, { method: "POST", headers, body }).catch(() => undefined);
  }

  private draw(): void {
    for (const name of ROWS) this.drawRow(name);
    const found = forecast(this.facts, this.config.minutes);
    if (found) this.drawForecast(found);
    else document.querySelector("[data-forecast]")?.setAttribute("aria-busy", "true");
  }

  private drawForecast({ level, mb, perHour, fixes }: Forecast): void {
    const write = (name: string, text: string): void => {
      const element = document.querySelector(`[data-${name}]`);
      if (element && element.textContent !== text) element.textContent = text;
    };
    write("check-title", this.say(`forecast_${level}`));
    write("check-lead", this.say(`forecast_${level}_means`));
    write("forecast-data", this.say("forecast_data").replace("{mb}", String(mb)));
    write("forecast-help", this.say(fixes.length ? "forecast_help" : "forecast_nothing"));
    const root = document.querySelector<HTMLElement>("[data-forecast]");
    if (!root) return;
    root.hidden = false;
    root.removeAttribute("aria-busy");
    Object.assign(root.dataset, { level: String(level), mb: String(mb), perHour: perHour.join(" ") });
    root.querySelector("[data-forecast-fixes]")?.replaceChildren(...fixes.map((fix) => {
      const item = document.createElement("li");
      item.textContent = this.say(`fix_${fix}`);
      return item;
    }));
  }

  private drawRow(name: RowName): void {
    const row = this.find(`[data-row="${name}"]`);
    if (!row) return;
    const { state, saw } = rowOf(name, this.facts);
    row.classList.toggle("is-wait", state === "wait");
    row.classList.toggle("is-thin", state === "thin");
    const parts = { saw: this.say(saw), means: this.say(`${saw}_means`), fix: this.say(`${saw}_fix`) };
    for (const [part, text] of Object.entries(parts)) {
      const element = row.querySelector(`[data-${part}]`);
      if (element && element.textContent !== text) element.textContent = text;
      (element?.closest(".fix") ?? element)?.toggleAttribute("hidden", text === "");
    }
    for (const only of row.querySelectorAll("[data-while-waiting]")) only.toggleAttribute("hidden", state !== "wait");
  }
}

const root = document.querySelector<HTMLElement>("[data-device-check]");
const config = document.getElementById("check-config");
if (root && config) new Check(root, JSON.parse(config.textContent ?? "{}") as CheckConfig);
