// Whether live voice is off and spoken notes stand in for it. The ladder turns this; what the notes need is loaded then.

export class SpokenSwitch {
  private instead = false;
  private readonly listeners: (() => void)[] = [];
  private readonly hushes: (() => void)[] = [];

  /** Live voice is off on this side. */
  get on(): boolean {
    return this.instead;
  }

  set(on: boolean): void {
    if (on === this.instead) return;
    this.instead = on;
    for (const tell of this.listeners) tell();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Nothing is recorded or played from this moment on: somebody came near, or the person goes. */
  hush(): void {
    for (const tell of this.hushes) tell();
  }

  onHush(listener: () => void): void {
    this.hushes.push(listener);
  }
}
