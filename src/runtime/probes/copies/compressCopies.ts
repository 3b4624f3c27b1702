// Runtime: bytes that zlib compresses and decompresses, at once, in the pool, and as streams: all of it goes through two
// functions of the native handle. What is counted is the uncompressed side, which is the larger. A stream's chunks are
// charged to the line that made the stream: they arrive where no user code stands on the stack.

import { builtin } from "../../builtins.ts";
import { Patches } from "../../patch.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { sizeClassOf } from "../../sampling/sizeClasses.ts";
import { Underway } from "../../underway.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { Engine, engineOf, keepEngine, type Operations } from "./zlibEngine.ts";

const COMPRESSING = ["Gzip", "Deflate", "DeflateRaw", "BrotliCompress", "ZstdCompress"];
const DECOMPRESSING = ["Gunzip", "Inflate", "InflateRaw", "Unzip", "BrotliDecompress", "ZstdDecompress"];
/** One of each native class, whose prototype holds the functions. */
const NATIVE = [
  "createGzip",
  "createBrotliCompress",
  "createBrotliDecompress",
  "createZstdCompress",
  "createZstdDecompress",
];

/** Of the least time a byte, with every job. */
const FORGETTING = 1.01;
/** Of one window, held back until all of it can be compared. */
const MOST_AWAITED = 256;

interface AwaitedJob {
  readonly operation: Operation;
  readonly operations: Operations;
  readonly sizeClass: number;
  readonly bytes: number;
  readonly micros: number;
}
type Functions = Record<string, unknown>;
// biome-ignore lint/complexity/noBannedTypes: constructors and functions alike
type Zlib = Readonly<Record<string, Function | undefined>>;

export class CompressCopiesProbe implements Probe {
  readonly name = "copies.zlib";
  private readonly patches = new RestingPatches();
  /** Of what is made in a rest and used in the next spell. */
  private readonly kept = new Patches();
  private active = true;
  private cancel: (() => void) | null = null;
  /** Those with a chunk that is not counted yet. */
  private readonly open = new Underway<Engine>();
  private readonly awaited: AwaitedJob[] = [];
  /** By the prototype of zlib's class. */
  private readonly operations = new Map<object, Operations>();
  private meter: Meter | null = null;
  /** Node's name for the stream of a handle. */
  private owner: symbol | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.meter = context.meter;
    this.cancel = whenAsked(this.name, context, ["zlib"], () => {
      const zlib = builtin<Zlib>("zlib");
      for (const name of COMPRESSING) this.register(zlib, name, true);
      for (const name of DECOMPRESSING) this.register(zlib, name, false);
      for (const create of NATIVE)
        context.faults.guard(this.name, undefined, () => this.patch(zlib[create], context));
    });
  }

  collect(): void {
    for (const engine of this.open.all()) this.settle(engine);
    this.timeAwaited();
  }

  stop(): void {
    this.cancel?.();
    this.active = false;
    this.patches.restore();
    this.kept.restore();
    this.open.clear();
    this.awaited.length = 0;
  }

  private register(zlib: Zlib, name: string, compresses: boolean): void {
    const prototype = zlib[name]?.prototype as object | undefined;
    if (prototype === undefined) return;
    const callee = `zlib.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    this.operations.set(prototype, { compresses, callee, here: null, pool: null, least: new Map() });
  }

  private patch(create: Zlib[string], { faults }: ProbeContext): void {
    if (create === undefined) return;
    const stream = Reflect.apply(create, undefined, []) as { _handle?: object; close(): void };
    const prototype = Object.getPrototypeOf(stream._handle) as Functions;
    stream.close();
    const probe = this;
    const failed = (error: unknown) => faults.add(probe.name, error);
    this.kept.replace(prototype, ["init"], (original) => {
      const { init } = {
        init(this: object): unknown {
          try {
            if (probe.active) probe.begin(this, arguments);
          } catch (error) {
            failed(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return init;
    });
    this.patches.replace(prototype, ["write"], (original) => {
      const { write } = {
        write(this: object): unknown {
          try {
            if (probe.active) probe.startJob(this, arguments, true, write);
          } catch (error) {
            failed(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return write;
    });
    this.patches.replace(prototype, ["writeSync"], (original) => {
      const { writeSync } = {
        writeSync(this: object): unknown {
          let engine: Engine | null = null;
          try {
            if (probe.active) engine = probe.startJob(this, arguments, false, writeSync);
          } catch (error) {
            failed(error);
          }
          const result: unknown = Reflect.apply(original, this, arguments);
          engine?.endJob();
          return result;
        },
      };
      return writeSync;
    });
    this.patches.replace(prototype, ["close"], (original) => {
      const { close } = {
        close(this: object): unknown {
          try {
            const engine = engineOf(this);
            if (probe.active && engine !== null) probe.settle(engine);
          } catch (error) {
            failed(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return close;
    });
  }

  /**
   * `init(…, writeState, processCallback, …)`: the numbers that each job leaves, and what is called after one in the pool,
   * which is replaced in `args`.
   */
  private begin(handle: object, args: IArguments): void {
    const { meter } = this;
    if (meter === null || meter.ours) return;
    let at = 0;
    while (at < args.length && typeof args[at] !== "function") at++;
    const left: unknown = args[at - 1];
    const original: unknown = args[at];
    if (typeof original !== "function" || !(left instanceof Uint32Array)) return;
    const engine = new Engine(left);
    keepEngine(handle, engine);
    args[at] = endingJob(engine, original);
  }

  private startJob(handle: object, args: IArguments, inPool: boolean, above: () => unknown): Engine | null {
    const engine = engineOf(handle);
    const { meter } = this;
    if (engine === null || meter === null) return null;
    const [input, output] = [args[3] as number, args[6] as number];
    if (engine.operations === null) {
      engine.operations = this.operationsOf(handle);
      // In the caller's call, or on behalf of the stream (see origins.ts): for all that goes through.
      if (engine.operations !== null)
        engine.reservation = meter.reserve(operationOf(engine.operations, inPool, meter), above);
    }
    if (engine.isDone && input > 0 && engine.bytes > 0) this.settle(engine);
    this.open.add(engine);
    engine.startJob(input, output, inPool);
    return engine;
  }

  private operationsOf(handle: object): Operations | null {
    this.owner ??=
      Object.getOwnPropertySymbols(handle).find((own) => own.description === "owner_symbol") ?? null;
    let at: unknown = this.owner === null ? null : (handle as Record<symbol, unknown>)[this.owner];
    while (typeof at === "object" && at !== null) {
      const known = this.operations.get(at);
      if (known !== undefined) return known;
      at = Object.getPrototypeOf(at);
    }
    return null;
  }

  /** Counts the chunk that has gone through. */
  private settle(engine: Engine): void {
    this.open.delete(engine);
    const { meter } = this;
    const { operations, bytes, micros, wasAwaited, inPool, reservation } = engine;
    if (operations === null || bytes <= 0 || meter === null) return;
    engine.clear();
    const operation = operationOf(operations, inPool, meter);
    const sizeClass = sizeClassOf(bytes);
    if (!inPool) meter.timesOf(operation).add(sizeClass, micros);
    else if (wasAwaited) {
      if (this.awaited.length >= MOST_AWAITED) this.timeAwaited();
      this.awaited.push({ operation, operations, sizeClass, bytes, micros });
      const { least } = operations;
      const nearly = (least.get(sizeClass) ?? Number.POSITIVE_INFINITY) * FORGETTING;
      least.set(sizeClass, Math.min(nearly, micros / bytes));
    }
    meter.settle(operation, bytes, reservation);
  }

  /** At most twice what took least a byte of late: a thread of the pool that shares its core works no longer for it. */
  private timeAwaited(): void {
    for (const { operation, operations, sizeClass, bytes, micros } of this.awaited) {
      const least = operations.least.get(sizeClass) as number;
      this.meter?.timesOf(operation).add(sizeClass, Math.min(micros, 2 * least * bytes));
    }
    this.awaited.length = 0;
  }
}

/** Made here and not where it is put in its place: see `underway.ts`. */
// biome-ignore lint/complexity/noBannedTypes: any function can be called back
function endingJob(engine: Engine, original: Function): Function {
  return function processCallback(this: unknown): unknown {
    engine.endJob();
    return Reflect.apply(original, this, arguments);
  };
}

/** Registered when it is there: most servers use one or two of twenty. */
function operationOf(operations: Operations, inPool: boolean, meter: Meter): Operation {
  const { callee } = operations;
  if (inPool) {
    operations.pool ??= meter.operation("compress", callee);
    return operations.pool;
  }
  operations.here ??= meter.operation("compress", `${callee}Sync`);
  return operations.here;
}
