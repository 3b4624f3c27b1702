// Runtime: waits for locks of an acquire() and a release() that let waiters in by their order: `async-sema` (3.x) and
// `await-lock` (2.x, 3.x). What they queue is private or of promises, so a queue of our own runs beside theirs.

import type { LoadedModule } from "../../moduleWatch.ts";
import { callSites } from "../../sampling/callSites.ts";
import type { AnyFunction, Contention, Entry, Wait } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";

type Methods = Record<string, AnyFunction>;
interface Library {
  /** The class's name among the exports. */
  readonly exported: string;
  /** As users see it. */
  readonly callee: string;
  readonly acquire: string;
  readonly slots: (lock: object) => number;
  /** Called before an acquire; what it returns tells after it whether that one waits. */
  readonly watch: (lock: object) => () => boolean;
  /** The library's own function that takes places at a rate, of which it gives each back when its time has passed. */
  readonly rate?: string;
}

type Sema = { readonly nrTokens?: number; nrWaiting(): number };
type Mutex = { readonly acquired: boolean };

const LIBRARIES: Readonly<Record<string, Library>> = {
  "async-sema": {
    exported: "Sema",
    callee: "Sema.acquire",
    acquire: "acquire",
    slots: (lock) => (lock as Sema).nrTokens ?? 1,
    watch: (lock) => {
      const before = (lock as Sema).nrWaiting();
      return () => (lock as Sema).nrWaiting() > before;
    },
    rate: "rl",
  },
  "await-lock": {
    exported: "default",
    callee: "AwaitLock.acquireAsync",
    acquire: "acquireAsync",
    slots: () => 1,
    watch: (lock) => {
      const { acquired } = lock as Mutex;
      return () => acquired;
    },
  },
};

/** Kept of one lock. More would be such whose end is not told, for a subclass releases otherwise. */
const MAX_WAITS = 10_000;

interface Patience extends Wait {
  readonly limitMillis: number;
}
interface State {
  readonly waits: Patience[];
  /** Stack of the known holder, where there is one at a time. */
  holder: number;
}

export class FifoLocksProbe extends LibraryProbe {
  private readonly states = new WeakMap<object, State>();
  /** Locks that somebody has waited for, and whether that was for a rate: asked once, for it takes a stack. */
  private readonly rates = new WeakMap<object, boolean>();

  protected loaded(contention: Contention, { exports: exported }: LoadedModule, name: string): void {
    const library = LIBRARIES[name] as Library;
    const prototype = this.fresh<Methods>(member(exported, library.exported));
    if (prototype === null) return;
    if (isUnderstood(library, prototype)) {
      this.patchAcquire(contention, library, prototype);
      this.patchRelease(contention, library, prototype);
    } else this.notUnderstood(contention, name);
  }

  private patchAcquire(contention: Contention, library: Library, methods: Methods): void {
    const probe = this;
    const operation = contention.meter.operation("wait", library.callee);
    this.patches.replace(methods, [library.acquire], (original) => {
      const { acquire } = {
        acquire(this: object): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          let waits: (() => boolean) | null = null;
          try {
            waits = library.watch(this);
          } catch (error) {
            contention.fault(error);
          }
          const result: unknown = Reflect.apply(original, this, arguments);
          try {
            if (waits !== null) probe.acquired(contention, library, entry, this, waits(), arguments[0]);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      const entry: Entry = { operation, above: acquire };
      return acquire;
    });
  }

  private acquired(
    contention: Contention,
    library: Library,
    entry: Entry,
    lock: object,
    waits: boolean,
    options: unknown,
  ): void {
    const slots = library.slots(lock);
    // Such a semaphore counts work: who waits at it is idle.
    if (slots <= 0) return;
    const turn = contention.begin(entry, lock, slots);
    const state = this.states.get(lock);
    if (waits) {
      if (library.rate !== undefined && this.isRate(lock, library.rate, entry.above)) return;
      const waiting = this.wait(lock, { ...contention.wait(turn), limitMillis: limitOf(options) });
      contention.tell(turn, waiting);
    } else if (turn !== null && slots === 1) this.stateOf(lock).holder = turn.stack;
    else if (state !== undefined) state.holder = 0;
  }

  private isRate(lock: object, name: string, above: AnyFunction): boolean {
    const known = this.rates.get(lock);
    if (known !== undefined) return known;
    const caller = callSites(above, 1)?.[0];
    const is = caller?.getFunctionName() === name && /[\\/]async-sema[\\/]/.test(caller.getFileName() ?? "");
    this.rates.set(lock, is);
    return is;
  }

  /** How many wait then. */
  private wait(lock: object, wait: Patience): number {
    const { waits } = this.stateOf(lock);
    if (waits.length >= MAX_WAITS) waits.length = 0;
    waits.push(wait);
    return waits.length;
  }

  private patchRelease(contention: Contention, library: Library, methods: Methods): void {
    const probe = this;
    const operation = contention.meter.operation("wait", library.callee);
    this.patches.replace(methods, ["release"], (original) => {
      const { release } = {
        release(this: object): unknown {
          const result: unknown = Reflect.apply(original, this, arguments);
          try {
            const state = contention.active ? probe.states.get(this) : undefined;
            if (state !== undefined) probe.released(contention, { operation, above: release }, state);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      return release;
    });
  }

  /** Lets in the first that has not given up. */
  private released(contention: Contention, { operation, above }: Entry, state: State): void {
    const { holder } = state;
    state.holder = 0;
    for (let wait = state.waits.shift(); wait !== undefined; wait = state.waits.shift()) {
      const { start, turn, limitMillis } = wait;
      const sampled = turn !== null && turn.weight > 0;
      const gaveUp = contention.now() - start > limitMillis;
      if (!gaveUp) contention.releasedBy(turn, above);
      // Of several holders it is not known which; who releases nearly always is the one.
      const known = !sampled || holder !== 0 ? holder : turn.detail.releaser;
      contention.settle(operation, wait, gaveUp ? 0 : known, { patienceMillis: limitMillis });
      if (gaveUp) continue;
      state.holder = turn?.stack ?? 0;
      return;
    }
  }

  private stateOf(lock: object): State {
    const known = this.states.get(lock);
    if (known !== undefined) return known;
    const state: State = { waits: [], holder: 0 };
    this.states.set(lock, state);
    return state;
  }
}

/** `acquireAsync({ timeout })` */
function limitOf(options: unknown): number {
  const timeout: unknown =
    typeof options === "object" && options !== null ? (options as { timeout?: unknown }).timeout : undefined;
  return typeof timeout === "number" ? timeout : Number.POSITIVE_INFINITY;
}

/** Tries it on a lock of our own, which nobody else knows. */
function isUnderstood({ acquire, watch }: Library, prototype: object): boolean {
  const { constructor: Lock } = prototype as { constructor: new (slots: number) => Methods };
  const lock = new Lock(1);
  if (typeof lock[acquire] !== "function" || typeof lock.release !== "function") return false;
  const waits = () => {
    const told = watch(lock);
    void lock[acquire]?.();
    return told();
  };
  return !waits() && waits();
}
