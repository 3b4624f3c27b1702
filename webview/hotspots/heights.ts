// Panel, hotspots: where each of many rows begins, without a look at any of them: all are equally high but a few. Pure.

export class Heights {
  readonly count: number;
  readonly #row: number;
  /** Of rows with a height of their own, in order. */
  readonly #odd: readonly (readonly [index: number, height: number])[];

  constructor(
    count: number,
    rowHeight: number,
    odd: readonly (readonly [index: number, height: number])[] = [],
  ) {
    this.count = count;
    this.#row = Math.max(1, rowHeight);
    this.#odd = odd;
  }

  get total(): number {
    return this.topOf(this.count);
  }

  topOf(index: number): number {
    let top = index * this.#row;
    for (const [at, height] of this.#odd) if (at < index) top += height - this.#row;
    return top;
  }

  heightOf(index: number): number {
    return this.topOf(index + 1) - this.topOf(index);
  }

  /** The row that covers `y`; the first or the last where none does. */
  at(y: number): number {
    let [index, top] = [0, 0];
    for (const [odd, height] of this.#odd) {
      const oddTop = top + (odd - index) * this.#row;
      if (y < oddTop) break;
      if (y < oddTop + height) return odd;
      [index, top] = [odd + 1, oddTop + height];
    }
    const at = index + Math.floor((y - top) / this.#row);
    return Math.max(0, Math.min(this.count - 1, at));
  }
}
