// The counsellor's private notes, saved at each pause of typing. They are in this tab and in her own answers only.
import { get, post } from "./api.js";
import { Autosave, type SaveState } from "./autosave.js";
import type { Session } from "./session.js";

interface NoteBody {
  revision: number;
  text: string;
}

export class NotesDesk {
  private revision = 0;
  private loaded = false;
  private readonly autosave: Autosave;

  constructor(
    private readonly session: Session,
    private readonly field: { value: string },
    onSave: (state: SaveState) => void,
  ) {
    this.autosave = new Autosave(() => this.save(), onSave);
    session.subscribe((state, before) => {
      if (state.online && !before.online) {
        if (this.loaded) this.autosave.now();
        else void this.load();
      }
    });
  }

  typed(): void {
    this.session.keep.write("note", this.field.value);
    this.autosave.typed();
  }

  async load(): Promise<void> {
    const { status, body } = await get(this.session.config.urls.casenotes);
    if (status !== 200 || this.loaded) return;
    this.loaded = true;
    const { revision, text } = body as NoteBody;
    this.revision = revision;
    const left = this.session.keep.read<string | null>("note", null);
    const typed = this.field.value || left;
    this.field.value = typed ?? text;
    if (typed !== null && typed !== text) this.autosave.typed();
  }

  private async save(): Promise<boolean> {
    if (!this.loaded) {
      await this.load();
      if (!this.loaded) return false;
    }
    const text = this.field.value;
    const { urls, csrf } = this.session.config;
    const { status, body } = await post(urls.casenotes, csrf, { text, revision: this.revision });
    if (status === 409) return this.meetOther(body as NoteBody);
    if (status !== 200) return false;
    this.revision = (body as NoteBody).revision;
    if (this.field.value === text) this.session.keep.write("note", null);
    return true;
  }

  /** Another window wrote too: neither text is lost, ours is put under the other. */
  private meetOther({ revision, text }: NoteBody): boolean {
    this.revision = revision;
    if (text && !this.field.value.includes(text)) this.field.value = `${text}\n\n${this.field.value}`;
    this.session.keep.write("note", this.field.value);
    return false;
  }
}
