// Reads, saves, accepts and adds to the closing card over HTTP; frames only say that it changed.
import { get, post } from "./api.js";
import { Autosave, type SaveState } from "./autosave.js";
import { copyOf, draftOf, sameDraft, saveBody, withIds, type CardDraft, type CardState } from "./card.js";
import type { Session } from "./session.js";

export type CardListener = (card: CardState, draft: CardDraft) => void;

export class CardDesk {
  card: CardState | null = null;
  draft: CardDraft = { points: [], tasks: [], next: null };
  private loading = false;
  private again = false;
  private readonly autosave: Autosave;

  constructor(
    private readonly session: Session,
    private readonly onChange: CardListener,
    onSave: (state: SaveState) => void,
  ) {
    this.autosave = new Autosave(() => this.save(), onSave);
    session.onCard((revision) => {
      if (!this.card || revision !== this.card.revision || session.state.me.role === "client") void this.load();
    });
    session.subscribe((state, before) => {
      if (state.online && !before.online) {
        this.autosave.now();
        void this.load();
      }
    });
  }

  private get writes(): boolean {
    return this.session.state.me.role === "counsellor";
  }

  async load(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    const { status, body } = await get(this.session.config.urls.card_state);
    this.loading = false;
    if (status === 200) this.take(body as CardState);
    if (this.again) {
      this.again = false;
      void this.load();
    }
  }

  edit(change: (draft: CardDraft) => void): void {
    change(this.draft);
    this.session.keep.write("card", this.draft);
    this.autosave.typed();
  }

  accept(): Promise<boolean> {
    const { config } = this.session;
    return this.send(config.urls.card_accept, { revision: this.card?.revision });
  }

  add(text: string): Promise<boolean> {
    return this.send(this.session.config.urls.card_add, { text });
  }

  private async send(url: string, body: unknown): Promise<boolean> {
    const answer = await post(url, this.session.config.csrf, body);
    if (answer.status === 200 || answer.status === 409) this.take(answer.body as CardState);
    return answer.status === 200;
  }

  private take(given: CardState | { state: CardState }): void {
    const card = "state" in given ? given.state : given;
    if (typeof card?.revision !== "number") return;
    const first = this.card === null;
    this.card = card;
    if (first && this.writes) this.recover(card);
    else if (!this.writes || !this.autosave.pending) this.draft = draftOf(card);
    this.onChange(card, this.draft);
  }

  /** What a crash left unsaved in this tab comes back and is saved. */
  private recover(card: CardState): void {
    const left = this.session.keep.read<CardDraft | null>("card", null);
    this.draft = left ?? draftOf(card);
    if (left && !sameDraft(left, draftOf(card))) this.autosave.typed();
  }

  private async save(): Promise<boolean> {
    if (!this.card) return false;
    const sent = copyOf(this.draft);
    const { urls, csrf } = this.session.config;
    const { status, body } = await post(urls.card_save, csrf, saveBody(sent, this.card.revision));
    if (status === 409) {
      // Another window of ours saved meanwhile; what is being typed here goes on top of it.
      this.card = "state" in (body as object) ? (body as { state: CardState }).state : (body as CardState);
      return false;
    }
    if (status !== 200) return false;
    const kept = body as CardState;
    this.card = kept.points ? kept : { ...this.card, revision: kept.revision };
    this.draft = withIds(this.draft, sent, this.card);
    if (sameDraft(sent, this.draft)) this.session.keep.write("card", null);
    this.onChange(this.card, this.draft);
    return true;
  }
}
