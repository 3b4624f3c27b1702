// Runtime: bytes read from files and written to them, by the calls that move them. What a call moves is known from its
// data, its result, or what its callback gets; promised reads tell nobody but who awaits them, so that there the file's
// size is taken, which is asked for now and then.

import type Fs from "node:fs";
import { builtin } from "../../builtins.ts";
import type { Faults } from "../../faults.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Meter } from "../../sampling/meter.ts";
import { dataBytes, encodingOf } from "../copies/textBytes.ts";
import type { AmountOf, Gate } from "../measuredCall.ts";
import { freshStandIn, nestingStandIn, plainStandIn } from "../standIn.ts";
import { callbackStandIn } from "./callbackStandIn.ts";
import { FileSizes } from "./fileSizes.ts";

const fs = builtin<typeof Fs>("fs");

function bytesOfAll(list: unknown): number {
  return Array.isArray(list) ? list.reduce((sum: number, data) => sum + dataBytes(data), 0) : 0;
}
const number: AmountOf = (_self, _args, result) => (typeof result === "number" ? result : 0);
/** `readFileSync(path, options)`: text is as long as its bytes in the file, whatever its encoding. */
const returned: AmountOf = (_self, args, result) => dataBytes(result, encodingOf(args[1]));
const second: AmountOf = (_self, args) => dataBytes(args[1], encodingOf(args[2]));
const first: AmountOf = (_self, args) => dataBytes(args[0], encodingOf(args[1]));
/** `write(buffer, offset, length, position)`, `write(buffer, { offset, length })`, `write(text, position, encoding)` of a file handle. */
const handleWrite: AmountOf = (_self, args) => {
  const all = dataBytes(args[0], args[2]);
  if (typeof args[0] === "string") return all;
  const { offset, length } =
    typeof args[1] === "object" && args[1] !== null
      ? (args[1] as { offset?: unknown; length?: unknown })
      : { offset: args[1], length: args[2] };
  if (typeof length === "number") return Math.min(all, length);
  return typeof offset === "number" ? Math.max(0, all - offset) : all;
};

/** From some 26 on Node does a whole file in one job, else by its own `fs.write`, which counts then; its source tells. */
const inOneJob = /\bWriteFileJob\b/.test(Function.prototype.toString.call(fs.writeFile));

/** An open file, and one that is to be flushed, are written by `fs.write`. */
function isOneJob(args: IArguments): boolean {
  const [file, , options] = args;
  if (typeof file === "number") return false;
  return typeof options !== "object" || options === null || (options as { flush?: unknown }).flush !== true;
}

type Functions = Record<string, unknown>;

export class FileBytes {
  private readonly patches = new RestingPatches();
  private readonly calls = { active: true };
  private readonly gate: Gate = { depth: 0 };
  private readonly sizes = new FileSizes();

  constructor(
    private readonly meter: Meter,
    private readonly faults: Faults,
    private readonly owner: string,
    private readonly moved: (bytes: number) => void,
  ) {}

  start(): void {
    this.measure(fs, "readFileSync", returned, true);
    this.measure(fs, "writeFileSync", second, true);
    this.measure(fs, "appendFileSync", second, true);
    for (const name of ["readSync", "writeSync", "readvSync", "writevSync"]) this.measure(fs, name, number);
    for (const name of ["read", "write", "readv", "writev"])
      this.whenDone(name, (bytes) => Number(bytes) || 0);
    this.whenDone("readFile", (result, args) => dataBytes(result, encodingOf(args[1])));
    // `appendFile` calls it.
    if (inOneJob)
      this.whenDone("writeFile", (_result, args) =>
        isOneJob(args) ? second(undefined, args, undefined) : 0,
      );
  }

  /** To be called once the user's code asks for them. @param opened called when a file is opened by its promise */
  onPromises(promises: typeof Fs.promises, opened: () => void): void {
    if (!this.calls.active) return;
    this.measure(promises, "writeFile", second, true);
    this.measure(promises, "appendFile", second, true);
    this.measure(promises, "open", () => {
      opened();
      return 0;
    });
    this.measure(promises, "readFile", (_self, args) => this.sizes.of(args[0]), true);
  }

  /** Node exports no FileHandle: to be called with the prototype, once somebody has opened one. */
  onHandles(prototype: object): void {
    if (!this.calls.active) return;
    this.sizes.handles = prototype;
    const size: AmountOf = (self) => this.sizes.of(self);
    this.measure(prototype, "readFile", size, true);
    this.measure(prototype, "write", handleWrite);
    this.measure(prototype, "writev", (_self, args) => bytesOfAll(args[0]));
    this.measure(prototype, "writeFile", first, true);
    this.measure(prototype, "appendFile", first, true);
  }

  stop(): void {
    this.calls.active = false;
    this.patches.restore();
  }

  private measure(target: object, name: string, amount: AmountOf, nests = false): void {
    this.patches.replace(target as Functions, [name], (original) =>
      freshStandIn(nests ? nestingStandIn : plainStandIn, { ...this.parts(original), amount }),
    );
  }

  /** @param bytes by what the callback gets after the error, and what the call got */
  private whenDone(name: string, bytes: (result: unknown, args: IArguments) => number): void {
    this.patches.replace(fs as unknown as Functions, [name], (original) =>
      callbackStandIn(original, {
        watching: () => this.calls.active && this.gate.depth === 0 && this.meter.quiet === 0,
        done: (result, args) => this.guarded(bytes, result, args),
      }),
    );
  }

  private guarded(
    bytes: (result: unknown, args: IArguments) => number,
    result: unknown,
    args: IArguments,
  ): void {
    try {
      this.moved(bytes(result, args));
    } catch (error) {
      this.faults.add(this.owner, error);
    }
  }

  // biome-ignore lint/complexity/noBannedTypes: any function can be measured
  private parts(original: Function) {
    const { calls, gate, meter, faults, owner, moved } = this;
    return {
      original,
      apply: Reflect.apply,
      calls,
      gate,
      record: (bytes: number) => {
        if (meter.quiet === 0) moved(bytes);
      },
      failed: (error: unknown) => faults.add(owner, error),
    };
  }
}
