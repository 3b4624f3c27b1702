// Runtime: what is under way just now, as jobs and requests: it comes and goes with each. Held so that minor collections free
// it. Two things that look harmless have V8 keep a whole request with all that it holds until the whole heap is collected, of
// which the young generation grows, to several times its size (`test/runtime/survivors.test.ts`):
// - A `Set` or `Map` in which something new comes for each request. V8 puts a new table in the place of theirs whenever it is
//   full, and the old one refers to the new one: once one is in the old generation, all that came later is kept. So: an array.
// - A function that is written down where it is assigned to a property (`args[last] = function …`): V8 makes it in the old
//   generation at once. So such ones are made by a function of their own.

export interface Placed {
  /** Where it stands among those under way; below 0: it is not. */
  place: number;
}

/** One is in one of these at most. In no order. */
export class Underway<T extends Placed> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  /** Nothing, where it is among them. */
  add(item: T): void {
    if (item.place >= 0) return;
    item.place = this.items.push(item) - 1;
  }

  /** @returns whether it was among them */
  delete(item: T): boolean {
    const { items } = this;
    const { place } = item;
    if (place < 0 || items[place] !== item) return false;
    item.place = -1;
    const last = items.pop() as T;
    if (last !== item) {
      items[place] = last;
      last.place = place;
    }
    return true;
  }

  /** Of now: whoever goes through these may delete them. */
  all(): readonly T[] {
    return this.items.slice();
  }

  some(condition: (item: T) => boolean): boolean {
    return this.items.some(condition);
  }

  clear(): void {
    for (const item of this.items) item.place = -1;
    this.items.length = 0;
  }
}
