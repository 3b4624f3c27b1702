// Runtime: on whose behalf Node works where no user code stands on the stack. A file stream that the user's line made opens,
// reads and closes its file from the loop: while it does, its origin is current, and what happens is charged to the stack
// that made it.

import type { Operation } from "./operations.ts";
import { PoissonSampler } from "./poissonSampler.ts";
import type { StackTable } from "./stackTable.ts";

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;

/**
 * Of one object. Only some get a stack, for it costs 5 to 31 µs: those that do stand for the others, so that events of
 * an object without one are counted but never sampled.
 */
export interface Origin {
  /** What its events' weights are multiplied with: objects / objects with a stack; 0 without one. */
  readonly weight: number;
  readonly stack: number;
  /** As users know it: `fs.createReadStream`. */
  readonly maker: string;
  /** The maker's operations, by the measured one's id; shared by all that it made. */
  readonly operations: (Operation | undefined)[];
  /** Weighted amount of its samples so far, by operation. */
  readonly given: Map<number, number>;
}

export class Origins {
  /** Null: the stack on its own tells whose work it is. */
  current: Origin | null = null;
  private readonly of = new WeakMap<object, Origin>();
  private readonly sampler: PoissonSampler;
  /** By maker: of an object without a stack. */
  private readonly unfollowed = new Map<string, Origin>();

  constructor(
    private readonly stacks: StackTable,
    perWindow: number,
    elapsed: () => number,
  ) {
    this.sampler = new PoissonSampler(perWindow, undefined, elapsed);
  }

  /**
   * `object` was made by the caller of `standIn`, which stands for a function of Node's that users know as `maker`. What
   * is made on behalf of another object has that one's origin.
   */
  made(object: object, standIn: AnyFunction, maker: string): void {
    if (this.current !== null) {
      this.of.set(object, this.current);
      return;
    }
    let origin = this.unfollowed.get(maker);
    if (origin === undefined) {
      origin = { weight: 0, stack: 0, maker, operations: [], given: new Map() };
      this.unfollowed.set(maker, origin);
    }
    const weight = this.sampler.take(1);
    if (weight > 0) origin = { ...origin, weight, stack: this.stacks.capture(standIn), given: new Map() };
    this.of.set(object, origin);
  }

  /** Of an object that was told to `made`, else null. */
  find(object: object): Origin | null {
    return this.of.get(object) ?? null;
  }

  /**
   * What a sample adds to the sum of squares that tells how many equal ones the samples are worth. Those of one object come
   * together: they are worth one of them all, unless every object has a stack.
   */
  squares(operation: number, stack: number, amount: number): number {
    const { current } = this;
    if (current === null || current.weight <= 1 || current.stack !== stack) return amount * amount;
    const given = current.given.get(operation) ?? 0;
    current.given.set(operation, given + amount);
    return amount * (2 * given + amount);
  }

  /** Calls `action` on behalf of `origin`. */
  run(origin: Origin | null, action: AnyFunction, self: unknown, args: IArguments): unknown {
    const before = this.current;
    this.current = origin;
    try {
      return Reflect.apply(action, self, args) as unknown;
    } finally {
      this.current = before;
    }
  }

  /** @param perWindow objects that may get a stack in the next one */
  endWindow(perWindow: number): void {
    this.sampler.endWindow(perWindow);
  }
}
