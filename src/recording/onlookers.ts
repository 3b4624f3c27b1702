// Recording: who waits for its figures: somebody who sees the panel, or load of ours that runs. Meanwhile no worker rests. Pure.

export class Onlookers {
  #seen = false;
  #loads = 0;
  #told = false;

  /** @param changed there is one now, or none any more */
  constructor(private readonly changed: () => void) {}

  get any(): boolean {
    return this.#seen || this.#loads > 0;
  }

  /** Somebody sees the panel, or nobody any more. */
  setSeen(seen: boolean): void {
    this.#seen = seen;
    this.#tell();
  }

  /** Load that runs until `ended`, however it does. */
  async until(ended: Promise<unknown>): Promise<void> {
    this.#loads++;
    this.#tell();
    await ended.catch(() => undefined);
    this.#loads--;
    this.#tell();
  }

  #tell(): void {
    if (this.any === this.#told) return;
    this.#told = this.any;
    this.changed();
  }
}
