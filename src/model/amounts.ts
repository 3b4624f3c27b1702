// Model: amounts by key, in the order in which the keys came. A recording has hundreds of thousands of these, most with one key
// or a few: a map for each would be most of the time and memory that a report takes.

/** More are looked up by a map. */
const MOST_SEARCHED = 8;

export class Amounts<K> implements Iterable<readonly [K, number]> {
  private count = 0;
  /** Of most the only one. */
  private firstKey: K | undefined = undefined;
  private first = 0;
  /** The others; longer than they are many, as a list that is pushed to would be far longer. */
  private keys: K[] | null = null;
  private amounts: number[] | null = null;
  private index: Map<K, number> | null = null;

  get size(): number {
    return this.count;
  }

  add(key: K, by: number): void {
    if (this.count > 0 && key === this.firstKey) {
      this.first += by;
      return;
    }
    const at = this.find(key);
    const { amounts } = this;
    if (at >= 0 && amounts !== null) amounts[at] = (amounts[at] as number) + by;
    else this.append(key, by);
  }

  /** Adds so many times what another holds. */
  addAll(other: Amounts<K>, times = 1): void {
    for (let at = 0; at < other.count; at++) this.add(other.keyAt(at), other.amountAt(at) * times);
  }

  get(key: K): number | undefined {
    if (this.count > 0 && key === this.firstKey) return this.first;
    return this.amounts?.[this.find(key)];
  }

  sum(): number {
    let sum = 0;
    for (let at = 0; at < this.count; at++) sum += this.amountAt(at);
    return sum;
  }

  /** The key with the most, the first of equal ones; those that `counts` refuses left out. */
  heaviest(counts?: (key: K) => boolean): K | undefined {
    let best: K | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < this.count; at++) {
      const amount = this.amountAt(at);
      if (amount > most && (counts === undefined || counts(this.keyAt(at))))
        [best, most] = [this.keyAt(at), amount];
    }
    return best;
  }

  *[Symbol.iterator](): Generator<readonly [K, number]> {
    for (let at = 0; at < this.count; at++) yield [this.keyAt(at), this.amountAt(at)];
  }

  private keyAt(at: number): K {
    return (at === 0 ? this.firstKey : this.keys?.[at - 1]) as K;
  }

  private amountAt(at: number): number {
    return at === 0 ? this.first : (this.amounts?.[at - 1] as number);
  }

  /** Of the others; -1: it is none of them. */
  private find(key: K): number {
    const { keys, index } = this;
    if (keys === null) return -1;
    if (index !== null) return index.get(key) ?? -1;
    for (let at = 0; at < this.count - 1; at++) if (keys[at] === key) return at;
    return -1;
  }

  private append(key: K, amount: number): void {
    const at = this.count++ - 1;
    if (at < 0) {
      this.firstKey = key;
      this.first = amount;
      return;
    }
    this.keys ??= new Array<K>(3);
    this.amounts ??= new Array<number>(3);
    if (at === this.keys.length) {
      this.keys = grown(this.keys);
      this.amounts = grown(this.amounts);
    }
    this.keys[at] = key;
    this.amounts[at] = amount;
    if (this.index !== null) this.index.set(key, at);
    else if (at >= MOST_SEARCHED)
      this.index = new Map(this.keys.slice(0, at + 1).map((each, place) => [each, place]));
  }
}

function grown<T>(list: readonly T[]): T[] {
  const longer = new Array<T>(2 * list.length + 1);
  for (let at = 0; at < list.length; at++) longer[at] = list[at] as T;
  return longer;
}
