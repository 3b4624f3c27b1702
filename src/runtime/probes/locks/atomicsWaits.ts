// Runtime: waits on shared memory. `Atomics.wait` blocks its thread, so its stack is the same after it as
// before. The holder is who notified: on this thread for `Atomics.waitAsync`, or on another one, told by `wakeBoard.ts`.

import { Patches } from "../../patch.ts";
import type { Operation } from "../../sampling/operations.ts";
import { PoissonSampler } from "../../sampling/poissonSampler.ts";
import { requestContext } from "../http/requestContext.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { BackgroundOperations } from "./background.ts";
import { type AnyFunction, Contention, type Wait } from "./contention.ts";
import { WakeBoard } from "./wakeBoard.ts";

const NAME = "locks.atomics";
/** Waits past that many at a time are measured without their notifier. */
const MAX_PENDING = 10_000;
const { then } = Promise.prototype;

/** One `waitAsync` of this thread that has not ended. */
interface Pending extends Wait {
  /** Among those that a notification may wake. */
  listed: boolean;
  readonly place: Place;
  holder: number;
}
interface Place {
  readonly buffer: object;
  readonly offset: number;
  /** Of the memory, bytes. */
  readonly length: number;
}
interface AsyncWait {
  readonly async: boolean;
  readonly value: unknown;
}

export class AtomicsWaitsProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private contention: Contention | null = null;
  /** In the order they began, which is the order in which they are woken. */
  private pending: Pending[] = [];
  private board: WakeBoard | null = null;
  /** Which notifications are written down for other threads. */
  private budget: PoissonSampler | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const contention = new Contention(NAME, context);
    this.contention = contention;
    this.board = WakeBoard.open();
    this.budget = new PoissonSampler(contention.perWindow);
    this.patchWait(contention);
    this.patchWaitAsync(contention);
    this.patchNotify(contention);
  }

  collect(): void {
    if (this.contention !== null) this.budget?.endWindow(this.contention.perWindow);
    this.contention?.endWindow();
  }

  stop(): void {
    if (this.contention !== null) this.contention.active = false;
    this.pending = [];
    this.patches.restore();
  }

  private patchWait(contention: Contention): void {
    const probe = this;
    const { meter } = contention;
    const operation = meter.operation("wait", "Atomics.wait");
    const background = new BackgroundOperations(meter);
    this.patches.replace(Atomics, ["wait"], (original) => {
      const { wait } = {
        wait(this: unknown): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          const offset = offsetOf(arguments[0], arguments[1]);
          if (offset >= 0) probe.board?.waits(offset);
          const start = contention.now();
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            if (offset >= 0) probe.board?.ends(offset);
          }
          try {
            if (waited(result, arguments[3])) {
              const micros = (contention.now() - start) * 1000;
              meter.record(
                mayBeIdle(contention) ? background.of(operation) : operation,
                micros,
                wait,
                result === "ok" ? probe.wakerOf(contention, placeOf(arguments)) : 0,
              );
            }
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      return wait;
    });
  }

  /** Stack of another thread's notification. */
  private wakerOf(contention: Contention, { offset, length }: Place): number {
    const text = this.board?.wokenBy(offset, length);
    return text === null || text === undefined ? 0 : contention.meter.stacks.read(text);
  }

  private patchWaitAsync(contention: Contention): void {
    const probe = this;
    const operation = contention.meter.operation("wait", "Atomics.waitAsync");
    this.patches.replace(Atomics as object as { waitAsync: AnyFunction }, ["waitAsync"], (original) => {
      const { waitAsync } = {
        waitAsync(this: unknown): unknown {
          const result = Reflect.apply(original, this, arguments) as AsyncWait;
          if (!contention.watching || result.async !== true) return result;
          try {
            const turn = contention.choose({ operation, above: waitAsync });
            const wait = contention.wait(turn);
            const request = mayBeIdle(contention) ? null : wait.request;
            const pending: Pending = {
              ...wait,
              request,
              place: placeOf(arguments),
              holder: 0,
              listed: false,
            };
            probe.follow(contention, operation, pending, result.value as Promise<unknown>);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      return waitAsync;
    });
  }

  private follow(
    contention: Contention,
    operation: Operation,
    pending: Pending,
    promise: Promise<unknown>,
  ): void {
    if (this.pending.length < MAX_PENDING) {
      pending.listed = true;
      this.pending.push(pending);
    }
    this.board?.waits(pending.place.offset);
    const end = (result: unknown) => {
      try {
        this.forget(pending);
        this.board?.ends(pending.place.offset);
        if (!contention.active) return;
        const here = pending.turn === null || pending.holder !== 0 || result !== "ok";
        const holder = here ? pending.holder : this.wakerOf(contention, pending.place);
        contention.settle(operation, pending, holder);
      } catch (error) {
        contention.fault(error);
      }
    };
    // It never rejects, so looking at it hides no unhandled rejection.
    Reflect.apply(then, promise, [end, end]);
  }

  private patchNotify(contention: Contention): void {
    const probe = this;
    this.patches.replace(Atomics, ["notify"], (original) => {
      const { notify } = {
        notify(this: unknown): unknown {
          const offset = offsetOf(arguments[0], arguments[1]);
          if (offset >= 0 && probe.board?.hasWaiters(offset) === true && contention.watching)
            probe.tellOthers(contention, placeOf(arguments), notify);
          const woken: unknown = Reflect.apply(original, this, arguments);
          if (probe.pending.length === 0 || !contention.watching) return woken;
          try {
            const capture = () => contention.meter.stacks.capture(notify);
            probe.notified(placeOf(arguments), Number(woken), capture);
          } catch (error) {
            contention.fault(error);
          }
          return woken;
        },
      };
      return notify;
    });
  }

  /** Before they run: who is woken looks at once. */
  private tellOthers(contention: Contention, { offset, length }: Place, above: AnyFunction): void {
    try {
      if ((this.budget?.take(1) ?? 0) === 0) return;
      contention.meter.quiet++;
      try {
        this.board?.wakes(offset, length, contention.meter.stacks.write(above, WakeBoard.mostText));
      } finally {
        contention.meter.quiet--;
      }
    } catch (error) {
      contention.fault(error);
    }
  }

  private forget(pending: Pending): void {
    if (!pending.listed) return;
    pending.listed = false;
    this.pending.splice(this.pending.indexOf(pending), 1);
  }

  private notified(place: Place, woken: number, capture: () => number): void {
    let holder = 0;
    let left = woken;
    const woke = (pending: Pending) => {
      if (left <= 0 || pending.place.buffer !== place.buffer || pending.place.offset !== place.offset)
        return false;
      left--;
      pending.listed = false;
      if (pending.turn === null) return true;
      if (holder === 0) holder = capture();
      pending.holder = holder;
      return true;
    };
    if (woken > 0) this.pending = this.pending.filter((pending) => !woke(pending));
  }
}

/** A thread that serves no requests waits in the same way when it has nothing to do. */
function mayBeIdle({ context }: Contention): boolean {
  return !context.mainThread && requestContext.begun === 0;
}

/** A wait of 0 is only a look at the value. */
function waited(result: unknown, timeoutMillis: unknown): boolean {
  if (result === "not-equal") return false;
  return !(result === "timed-out" && typeof timeoutMillis === "number" && timeoutMillis <= 0);
}

function placeOf(args: IArguments): Place {
  const [view, index] = args as unknown as [Int32Array | BigInt64Array, unknown];
  // Other types of index were converted by the call itself; doing that twice might be seen.
  const at = typeof index === "number" ? index : 0;
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = view;
  return { buffer, offset: byteOffset + at * BYTES_PER_ELEMENT, length: buffer.byteLength };
}

/** Bytes; below 0 for what the call itself will refuse or convert. */
function offsetOf(view: unknown, index: unknown): number {
  if (typeof index !== "number" || !(index >= 0)) return -1;
  if (view instanceof Int32Array) return index < view.length ? view.byteOffset + index * 4 : -1;
  if (view instanceof BigInt64Array) return index < view.length ? view.byteOffset + index * 8 : -1;
  return -1;
}
