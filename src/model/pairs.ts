// Model: pairs of whole numbers below 2^31, numbered in the order in which they come, and sums by pair. In columns: millions of rows are
// summed up by them, and an object for each of hundreds of thousands of sums would be most of the time and memory that takes.

const FIRST_ROOM = 64;
const NONE = -1;

export class PairIndex {
  count = 0;
  private firsts = new Int32Array(FIRST_ROOM);
  private seconds = new Int32Array(FIRST_ROOM);
  /** Numbers by hash, 0: free, else one more than the pair's number. Twice as many as pairs at the least. */
  private places = new Int32Array(2 * FIRST_ROOM);
  /** Nobody can write a file whose pairs all meet at one place. */
  private readonly seed = Math.floor(Math.random() * 2 ** 31);

  /** The pair's number; a new one gets the next. */
  of(first: number, second: number): number {
    const { places } = this;
    const mask = places.length - 1;
    let place = this.hash(first, second) & mask;
    for (let taken = places[place] as number; taken !== 0; taken = places[place] as number) {
      const at = taken - 1;
      if (this.firsts[at] === first && this.seconds[at] === second) return at;
      place = (place + 1) & mask;
    }
    const at = this.count++;
    if (at === this.firsts.length) {
      this.grow(first, second, at);
      return at;
    }
    places[place] = at + 1;
    this.firsts[at] = first;
    this.seconds[at] = second;
    return at;
  }

  firstOf(at: number): number {
    return this.firsts[at] as number;
  }

  secondOf(at: number): number {
    return this.seconds[at] as number;
  }

  private hash(first: number, second: number): number {
    let hash = Math.imul(first ^ this.seed, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }

  private grow(first: number, second: number, at: number): void {
    this.firsts = longer(this.firsts);
    this.seconds = longer(this.seconds);
    this.firsts[at] = first;
    this.seconds[at] = second;
    this.places = new Int32Array(2 * this.firsts.length);
    const mask = this.places.length - 1;
    for (let pair = 0; pair <= at; pair++) {
      let place = this.hash(this.firstOf(pair), this.secondOf(pair)) & mask;
      while (this.places[place] !== 0) place = (place + 1) & mask;
      this.places[place] = pair + 1;
    }
  }
}

/** Sums by pair, of which those of one first number can be walked through. First numbers are few, and count up from 0. */
export class PairSums {
  private readonly index = new PairIndex();
  private sums = new Float64Array(FIRST_ROOM);
  private nexts = new Int32Array(FIRST_ROOM);
  private heads = new Int32Array(FIRST_ROOM).fill(NONE);
  private tails = new Int32Array(FIRST_ROOM);

  add(first: number, second: number, by: number): void {
    const before = this.index.count;
    const at = this.index.of(first, second);
    if (at === before) this.link(first, at);
    this.sums[at] = (this.sums[at] as number) + by;
  }

  /** In the order in which they came. */
  each(first: number, visit: (second: number, sum: number) => void): void {
    for (let at = this.heads[first] ?? NONE; at !== NONE; at = this.nexts[at] as number)
      visit(this.index.secondOf(at), this.sums[at] as number);
  }

  private link(first: number, at: number): void {
    if (at === this.sums.length) {
      this.sums = longer(this.sums);
      this.nexts = longer(this.nexts);
    }
    while (first >= this.heads.length) {
      const { length } = this.heads;
      this.heads = longer(this.heads).fill(NONE, length);
      this.tails = longer(this.tails);
    }
    this.nexts[at] = NONE;
    if (this.heads[first] === NONE) this.heads[first] = at;
    else this.nexts[this.tails[first] as number] = at;
    this.tails[first] = at;
  }
}

/** Twice as long, with the same numbers in its first half. */
export function longer<T extends Int32Array | Float64Array>(list: T): T {
  const made = new (list.constructor as new (length: number) => T)(2 * list.length);
  made.set(list);
  return made;
}
