// Whether live voice is off and spoken notes stand in for it. The ladder turns this; what the notes need is loaded then.

export class SpokenSwitch {
  private instead = false;
  private readonly listeners: (() => void)[] = [];

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
}
