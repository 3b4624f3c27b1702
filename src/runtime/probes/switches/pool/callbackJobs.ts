// Runtime: sees the pool jobs of dns, crypto and zlib: handed in by the user's call, done when its callback is called.
// WebCrypto and promised look-ups have none: their jobs are not seen.

import type Crypto from "node:crypto";
import type Dns from "node:dns";
import { builtin } from "../../../builtins.ts";
import type { Patches } from "../../../patch.ts";
import { CRYPTO_WITH_CALLBACK, lookup, ownerOf, ZLIB_STREAMS } from "../poolHandoffs.ts";
import { endingJob, type JobWatch } from "./fileJobs.ts";

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
type AnyFunction = Function;
type Functions = Record<string, unknown>;

export function watchLookups<J>(patches: Patches, watch: JobWatch<J>): void {
  const dns = builtin<typeof Dns>("dns") as unknown as Functions;
  patches.replace(dns, ["lookup"], (original) =>
    callbackStandIn(original, "lookup", watch, (args) => lookup(null, args, null) > 0),
  );
  patches.replace(dns, ["lookupService"], (original) =>
    callbackStandIn(original, "lookupService", watch, () => true),
  );
}

export function watchCrypto<J>(patches: Patches, watch: JobWatch<J>): void {
  const crypto = builtin<typeof Crypto>("crypto") as unknown as Functions;
  for (const name of CRYPTO_WITH_CALLBACK)
    patches.replace(crypto, [name], (original) => callbackStandIn(original, name, watch, () => true));
}

function callbackStandIn<J>(
  original: AnyFunction,
  name: string,
  watch: JobWatch<J>,
  isJob: (args: IArguments) => boolean,
) {
  return function call(this: unknown): unknown {
    const last = arguments.length - 1;
    const callback: unknown = arguments[last];
    if (!watch.active || typeof callback !== "function" || !isJob(arguments))
      return Reflect.apply(original, this, arguments) as unknown;
    const job = watch.submit(call, null, name);
    if (job === null) return Reflect.apply(original, this, arguments) as unknown;
    const args: unknown[] = Array.from(arguments);
    args[last] = endingJob(watch, job, callback);
    let handedIn = false;
    try {
      const result: unknown = Reflect.apply(original, this, args);
      handedIn = true;
      return result;
    } finally {
      if (!handedIn) watch.done(job);
    }
  };
}

interface ZlibHandle {
  cb?: unknown;
}

/** Each `write` of a stream's handle is a job; the next one, or the call of `cb`, tells that it is done. */
export function watchZlib<J>(patches: Patches, watch: JobWatch<J>): void {
  const zlib = builtin<Record<string, (() => { _handle?: object; close(): void }) | undefined>>("zlib");
  const jobs = new WeakMap<ZlibHandle, J>();
  const ours = new WeakSet<object>();
  const end = (handle: ZlibHandle) => {
    const job = jobs.get(handle);
    jobs.delete(handle);
    if (job !== undefined) watch.done(job);
  };
  const ending = (handle: ZlibHandle, cb: AnyFunction) =>
    function (this: unknown): unknown {
      end(handle);
      return Reflect.apply(cb, this, arguments) as unknown;
    };
  for (const create of ZLIB_STREAMS) {
    const stream = zlib[create]?.();
    const prototype = ownerOf(stream?._handle, "write");
    stream?.close();
    if (prototype === null) continue;
    patches.replace(prototype as Functions, ["write"], (original) => {
      const { write } = {
        write(this: ZlibHandle): unknown {
          end(this);
          const job = watch.active ? watch.submit(write, this, "zlib") : null;
          if (job === null) return Reflect.apply(original, this, arguments) as unknown;
          jobs.set(this, job);
          const { cb } = this;
          if (typeof cb === "function" && !ours.has(cb)) {
            this.cb = ending(this, cb);
            ours.add(this.cb as object);
          }
          return Reflect.apply(original, this, arguments) as unknown;
        },
      };
      return write;
    });
  }
}
