// Runtime: file and zlib streams work from the loop, where no user code stands on the stack: their jobs, buffers and copies
// belong to the line that made the stream. Counts nothing itself.

import type Fs from "node:fs";
import { Readable } from "node:stream";
import { builtin } from "../../builtins.ts";
import { isConstructor } from "../../patch.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Origin, Origins } from "../../sampling/origins.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";

/** What a stream's methods do by themselves; user code that they call back stands on the stack. */
const STEPS = ["_construct", "_read", "_write", "_writev", "_transform", "_flush", "_final", "_destroy"];
const FILE_STREAMS = ["ReadStream", "WriteStream"] as const;
const MAKERS = ["createReadStream", "createWriteStream"];
/** Of whole files, pieces and descriptors, with a callback as the last argument. */
const CALLED_BACK = ["open", "read", "write", "writev", "close"];
const ZLIB_MAKER = /^create[A-Z]/;

// biome-ignore lint/complexity/noBannedTypes: any function can be called back
type AnyFunction = Function;
type Functions = Record<string, unknown>;

export class StreamOriginsProbe implements Probe {
  readonly name = "origins.streams";
  private readonly patches = new RestingPatches();
  private active = true;
  private readonly cancels: (() => void)[] = [];
  private hasFiles = false;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const { origins } = context.meter;
    const fs = builtin<typeof Fs>("fs");
    for (const maker of MAKERS) this.patchMaker(fs, maker, "fs", context);
    // Reading `fs.ReadStream` loads 0.2 MB; who makes one without a maker is noticed some time after.
    this.cancels.push(
      whenAsked(this.name, context, [], () => this.patchFiles(context), ["internal/fs/streams"]),
    );
    for (const name of CALLED_BACK) this.patchCallback(fs, name, origins);
    this.cancels.push(whenAsked(this.name, context, ["zlib"], () => this.patchZlib(context)));
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.active = false;
    this.patches.restore();
  }

  private patchFiles({ meter }: ProbeContext): void {
    if (this.hasFiles) return;
    this.hasFiles = true;
    const fs = builtin<typeof Fs>("fs");
    for (const stream of FILE_STREAMS) this.patchSteps(fs[stream].prototype, meter.origins);
    this.patchPush(fs.ReadStream.prototype, meter.origins);
  }

  private patchZlib(context: ProbeContext): void {
    const zlib = builtin<Functions>("zlib");
    const makers = Object.keys(zlib).filter((name) => ZLIB_MAKER.test(name));
    for (const maker of makers) this.patchMaker(zlib, maker, "zlib", context);
    // All classes inherit the steps from one, which is not exported.
    const some = (zlib.Gzip as { prototype?: object } | undefined)?.prototype;
    for (let at = some; at !== undefined && at !== null; at = Object.getPrototypeOf(at) as object) {
      if (Object.hasOwn(at, "_transform")) {
        this.patchSteps(at, context.meter.origins);
        return;
      }
    }
  }

  /** `fs.createReadStream` and its like. */
  private patchMaker(target: object, key: string, module: string, context: ProbeContext): void {
    const { meter, faults } = context;
    this.patches.replace(target as Functions, [key], (original) => {
      // Node loads its streams then, too.
      const first = () => {
        if (!this.hasFiles && target === builtin("fs") && this.active && meter.quiet === 0)
          faults.guard(this.name, undefined, () => this.patchFiles(context));
      };
      const noted = (made: unknown) => {
        if (!this.active || meter.quiet > 0 || typeof made !== "object" || made === null) return made;
        try {
          meter.origins.made(made, make, `${module}.${key}`);
        } catch (error) {
          faults.add(this.name, error);
        }
        return made;
      };
      const make: Parameters<Origins["made"]>[1] = isConstructor(original)
        ? function (this: unknown): unknown {
            first();
            return noted(Reflect.apply(original, this, arguments));
          }
        : {
            make(this: unknown): unknown {
              first();
              return noted(Reflect.apply(original, this, arguments));
            },
          }.make;
      return make;
    });
  }

  private patchSteps(prototype: object, origins: Origins): void {
    for (const key of STEPS) {
      if (!Object.hasOwn(prototype, key)) continue;
      this.patches.replace(prototype as Functions, [key], (original) => {
        return function step(this: object): unknown {
          const origin = origins.find(this);
          if (origin === null) return Reflect.apply(original, this, arguments);
          return origins.run(origin, original, this, arguments);
        };
      });
    }
  }

  /** What Node does when a job of the stream is done: it cuts the last piece to its size, and closes. */
  private patchCallback(fs: object, key: string, origins: Origins): void {
    this.patches.replace(fs as Functions, [key], (original) => {
      return function call(this: unknown): unknown {
        const origin = origins.current;
        const last = arguments.length - 1;
        const done: unknown = arguments[last];
        if (origin === null || typeof done !== "function") return Reflect.apply(original, this, arguments);
        arguments[last] = onBehalf(origins, origin, done as AnyFunction);
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  /** Where Node hands a piece to the user's code, which works on its own behalf. */
  private patchPush(prototype: object, origins: Origins): void {
    const { push } = {
      // Whatever stands there when it is called, as without us.
      push(this: unknown): unknown {
        return origins.run(null, Readable.prototype.push, this, arguments);
      },
    };
    this.patches.add(prototype, "push", push, Readable.prototype.push);
  }
}

/** Made here and not where it is put in its place: see `underway.ts`. */
function onBehalf(origins: Origins, origin: Origin, done: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    return origins.run(origin, done, this, arguments);
  };
}
