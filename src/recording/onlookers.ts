// Recording: who waits for its figures: somebody who sees the panel, or load of ours that runs. Meanwhile no worker rests. Pure.

export class Onlookers {
  #seen = false;
  #loads = 0;
  #told = { any: false, seen: false };

  /** @param changed one of the two below is another now */
  constructor(private readonly changed: () => void) {}

  get any(): boolean {
    return this.#seen || this.#loads > 0;
  }

  get seen(): boolean {
    return this.#seen;
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
    const { any, seen } = this;
    if (any === this.#told.any && seen === this.#told.seen) return;
    this.#told = { any, seen };
    this.changed();
  }
}
