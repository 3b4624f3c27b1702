// Runtime: sees the file system's pool jobs where Node hands each in and hears of its end: at its own binding, which
// `process.binding` still shows. Promises of the binding are always handled by Node, so that a reaction of ours changes
// nothing; the user's own promises are not touched.

import { isPromise } from "node:util/types";
import type { Patches } from "../../../patch.ts";

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
type AnyFunction = Function;

/** Told of each job; `submit` returns what `done` wants back, null when nobody cares. */
export interface JobWatch<J> {
  readonly active: boolean;
  submit(above: AnyFunction, owner: object | null, name: string): J | null;
  done(job: J): void;
}

const CALLS =
  /^(?:access|open|openFileHandle|close|read|readBuffers|writeBuffer|writeBuffers|writeString|rename|ftruncate|rmdir|fdatasync|fsync|mkdir|mkdtemp|readdir|fstat|stat|lstat|statfs|readlink|symlink|link|unlink|chmod|fchmod|chown|fchown|lchown|utimes|futimes|lutimes|copyFile|realpath)$/;
/** From some 26 on, several steps in one job. */
const JOBS = ["ReadFileJob", "WriteFileJob"];
const { then } = Promise.prototype;

interface Request {
  oncomplete?: unknown;
  ondone?: unknown;
  readonly context?: unknown;
}
interface Binding {
  readonly kUsePromises: unknown;
  readonly FSReqCallback: AnyFunction;
  readonly FileHandle: { readonly prototype: Record<string, unknown> };
  readonly [name: string]: unknown;
}

/** A reason where it can't be had. */
export function fileBinding(): Binding | string {
  const { execArgv, env } = process;
  if (
    [...execArgv, env.NODE_OPTIONS ?? ""].some((word) => word.includes("--pending-deprecation")) ||
    env.NODE_PENDING_DEPRECATION === "1"
  )
    return "under --pending-deprecation Node would warn of it";
  try {
    const binding = (process as unknown as { binding(name: string): Partial<Binding> }).binding("fs");
    return typeof binding.kUsePromises === "symbol" && typeof binding.FSReqCallback === "function"
      ? (binding as Binding)
      : "this Node does not show its file system binding";
  } catch {
    return "this Node does not show its file system binding";
  }
}

export function watchFileJobs<J>(binding: Binding, patches: Patches, watch: JobWatch<J>): void {
  const target = binding as Record<string, unknown>;
  for (const name of Object.keys(binding)) {
    if (CALLS.test(name))
      patches.replace(target, [name], (original) => callStandIn(original, name, binding, watch));
  }
  for (const name of JOBS) {
    const prototype = (target[name] as { prototype?: Record<string, unknown> } | undefined)?.prototype;
    if (prototype !== undefined)
      patches.replace(prototype, ["run"], (original) => runStandIn(original, name, watch));
  }
  patches.replace(binding.FileHandle.prototype, ["close"], (original) => closeStandIn(original, watch));
}

function callStandIn<J>(
  original: AnyFunction,
  name: string,
  { kUsePromises, FSReqCallback }: Binding,
  watch: JobWatch<J>,
) {
  const { call } = {
    call(this: unknown): unknown {
      if (!watch.active) return Reflect.apply(original, this, arguments) as unknown;
      for (let i = arguments.length - 1; i > 0; i--) {
        const argument: unknown = arguments[i];
        if (argument === kUsePromises) return promised(original, this, arguments, call, name, watch);
        if (typeof argument === "object" && argument !== null && argument instanceof FSReqCallback)
          return requested(original, this, arguments, argument, "oncomplete", call, name, watch);
      }
      return Reflect.apply(original, this, arguments) as unknown;
    },
  };
  return call;
}

function runStandIn<J>(original: AnyFunction, name: string, watch: JobWatch<J>) {
  const { run } = {
    run(this: object): unknown {
      if (!watch.active) return Reflect.apply(original, this, arguments) as unknown;
      return requested(original, this, arguments, this, "ondone", run, name, watch);
    },
  };
  return run;
}

function closeStandIn<J>(original: AnyFunction, watch: JobWatch<J>) {
  const { close } = {
    close(this: unknown): unknown {
      if (!watch.active) return Reflect.apply(original, this, arguments) as unknown;
      return promised(original, this, arguments, close, "close", watch);
    },
  };
  return close;
}

function promised<J>(
  original: AnyFunction,
  self: unknown,
  args: IArguments,
  above: AnyFunction,
  name: string,
  watch: JobWatch<J>,
): unknown {
  const job = watch.submit(above, null, name);
  if (job === null) return Reflect.apply(original, self, args) as unknown;
  let result: unknown;
  const done = () => watch.done(job);
  try {
    result = Reflect.apply(original, self, args);
  } finally {
    if (isPromise(result)) Reflect.apply(then, result, [done, done]);
    else done();
  }
  return result;
}

/** A job whose end Node hears by a function of its own, set on the request. */
function requested<J>(
  original: AnyFunction,
  self: unknown,
  args: IArguments,
  request: Request,
  key: "oncomplete" | "ondone",
  above: AnyFunction,
  name: string,
  watch: JobWatch<J>,
): unknown {
  const complete = request[key];
  const { context } = request;
  const owner = typeof context === "object" && context !== null ? context : null;
  const job = typeof complete === "function" ? watch.submit(above, owner, name) : null;
  if (job === null) return Reflect.apply(original, self, args) as unknown;
  request[key] = endingJob(watch, job, complete as AnyFunction);
  let failed = true;
  try {
    const result: unknown = Reflect.apply(original, self, args);
    // `run` returns an error when it has not handed the job in.
    failed = key === "ondone" && result !== undefined;
    return result;
  } finally {
    if (failed) watch.done(job);
  }
}

/** What is called at a job's end. Made here and not where it is put in its place: see `underway.ts`. */
export function endingJob<J>(watch: JobWatch<J>, job: J, original: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    watch.done(job);
    return Reflect.apply(original, this, arguments) as unknown;
  };
}
