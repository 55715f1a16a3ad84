// One more try after a while, however often it is asked for meanwhile.

type Timer = (work: () => void, ms: number) => unknown;

export class Again {
  private waiting = false;

  constructor(
    private readonly work: () => void,
    private readonly after: number,
    private readonly timer: Timer = (work, ms) => setTimeout(work, ms),
  ) {}

  soon(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.timer(() => {
      this.waiting = false;
      this.work();
    }, this.after);
  }
}
