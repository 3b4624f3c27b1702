// Runtime: files that are read as text, and strings that file handles write. What Node does of it by Buffers
// (`fs.writeFile`, `fs.promises.readFile`) is seen there.

import { Buffer } from "node:buffer";
import type Fs from "node:fs";
import { types } from "node:util";
import { builtin } from "../../builtins.ts";
import { RestingPatches } from "../../restingPatches.ts";
import { CallProbe } from "../callProbe.ts";
import { onFileHandles } from "../fileHandles.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";
import { encodingOf, textBytes } from "./textBytes.ts";

const fs = builtin<typeof Fs>("fs");
const { isEncoding } = Buffer;
const decode = Buffer.prototype.toString;

type Callback = (error: unknown, text?: unknown) => unknown;

/** `readFileSync(path, encoding | { encoding })`: of the text that it gives. */
const decoded: AmountOf = (_self, args, result) => textBytes(result, encodingOf(args[1]));
/** `handle.write(text, position, encoding)` */
const handleWrite: AmountOf = (_self, args) => textBytes(args[0], args[2]);

export class FileCopiesProbe extends CallProbe {
  private readonly patches = new RestingPatches();

  constructor() {
    super("copies.files", copiesGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    const { meter } = context;
    calls.measure(fs, ["readFileSync"], {
      operation: meter.operation("decode", "fs.readFileSync"),
      amount: decoded,
      nests: true,
    });
    this.patchReadFile(context, calls);
    const written = meter.operation("encode", "FileHandle.write");
    onFileHandles((prototype) => {
      if (calls.active)
        calls.measure(prototype as { write: unknown }, ["write"], {
          operation: written,
          amount: handleWrite,
        });
    });
  }

  override stop(): void {
    super.stop();
    this.patches.restore();
  }

  /**
   * Node decodes right before it calls back, where no user code stands on the stack. So we ask for bytes, decode them in
   * the same place by the same function, and charge that to the caller.
   */
  private patchReadFile({ meter, faults }: ProbeContext, calls: CallMeter): void {
    const operation = meter.operation("decode", "fs.readFile");
    const { name } = this;
    this.patches.replace(fs, ["readFile"], (original) => {
      return function readFile(this: unknown): unknown {
        const [, options, callback] = arguments as unknown as readonly unknown[];
        const encoding = calls.active && meter.quiet === 0 ? soleEncoding(options) : null;
        if (encoding === null || typeof callback !== "function")
          return Reflect.apply(original, this, arguments);
        const reservation = meter.reserve(operation, readFile);
        const stack = reservation?.stack ?? (copyTraces.isTraced() ? meter.stacks.capture(readFile) : 0);
        const settle = (text: string) => {
          try {
            const bytes = textBytes(text, encoding);
            meter.settle(operation, bytes, reservation);
            if (copyTraces.active > 0)
              copyTraces.copied(meter, operation, bytes, stack, "returned", undefined, [], text);
          } catch (error) {
            faults.add(name, error);
          }
        };
        arguments[1] = null;
        arguments[2] = decoding(callback as Callback, encoding, settle);
        return Reflect.apply(original, this, arguments);
      };
    });
  }
}

/** A valid encoding, where it is all that the options say; else null. */
function soleEncoding(options: unknown): BufferEncoding | null {
  let encoding = options;
  if (typeof options === "object" && options !== null) {
    if (types.isProxy(options) || Object.getPrototypeOf(options) !== Object.prototype) return null;
    const keys = Reflect.ownKeys(options);
    if (keys.length !== 1 || keys[0] !== "encoding") return null;
    encoding = Object.getOwnPropertyDescriptor(options, "encoding")?.value;
  }
  return typeof encoding === "string" && isEncoding(encoding) ? encoding : null;
}

function decoding(callback: Callback, encoding: BufferEncoding, settle: (text: string) => void): Callback {
  return function (this: unknown, _error: unknown, bytes: unknown): unknown {
    if (!Buffer.isBuffer(bytes)) return Reflect.apply(callback, this, arguments);
    let text: string;
    try {
      // On some versions it calls a function that is measured by itself.
      copiesGate.depth++;
      text = Reflect.apply(decode, bytes, [encoding]) as string;
    } catch (tooLong) {
      return Reflect.apply(callback, this, [tooLong]);
    } finally {
      copiesGate.depth--;
    }
    settle(text);
    arguments[1] = text;
    return Reflect.apply(callback, this, arguments);
  };
}
