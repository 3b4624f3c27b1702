// Runtime: bytes that a StringDecoder turns into text: called by the user's code or a dependency (body parsers), or by a
// stream that has an encoding. A stream decodes as chunks arrive, where no user code stands on the stack: these are charged
// to the line that gave it the encoding.

import type Fs from "node:fs";
import { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { types } from "node:util";
import { builtin } from "../../builtins.ts";
import { isConstructor } from "../../patch.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Meter, Reservation } from "../../sampling/meter.ts";
import { onFileHandles } from "../fileHandles.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;
type Functions = Record<string, unknown>;
interface Line {
  readonly reservation: Reservation | null;
  /** 0 where nobody needed it. */
  readonly stack: number;
}

export class DecoderCopiesProbe implements Probe {
  readonly name = "copies.decoders";
  private readonly patches = new RestingPatches();
  private active = true;
  /** Of decoders that belong to a stream. */
  private readonly lines = new WeakMap<object, Line>();

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.patchDecoder(context);
    this.patchMaker(context, Readable.prototype as unknown as Functions, "setEncoding");
    this.patchMaker(context, builtin<typeof Fs>("fs") as unknown as Functions, "createReadStream");
    onFileHandles((prototype) => {
      if (this.active) this.patchMaker(context, prototype as Functions, "createReadStream");
    });
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }

  private patchDecoder({ meter, faults }: ProbeContext): void {
    const direct = meter.operation("decode", "StringDecoder.write");
    const ofStream = meter.operation("decode", "Readable.setEncoding");
    const probe = this;
    // `end` and `text` call it.
    this.patches.replace(StringDecoder.prototype, ["write"], (original) => {
      return function write(this: object, bytes: unknown): unknown {
        const result: unknown = Reflect.apply(original, this, arguments);
        if (!probe.active || copiesGate.depth > 0 || !ArrayBuffer.isView(bytes)) return result;
        try {
          const line = probe.lines.get(this);
          const { byteLength } = bytes;
          if (byteLength === 0) return result;
          if (line === undefined) meter.record(direct, byteLength, write);
          else if (meter.quiet === 0) meter.settle(ofStream, byteLength, line.reservation);
          if (copyTraces.active === 0) return result;
          const [operation, above] = line === undefined ? [direct, write] : [ofStream, line.stack];
          copyTraces.copied(meter, operation, byteLength, above, "returned", this, [bytes], result);
        } catch (error) {
          faults.add(probe.name, error);
        }
        return result;
      };
    });
  }

  /** What makes a stream decode: it, or the stream that it returns, has a decoder afterwards. */
  private patchMaker({ meter, faults }: ProbeContext, target: Functions, name: string): void {
    this.patches.replace(target, [name], (original) => {
      const made = (result: unknown) => {
        if (!this.active || meter.quiet > 0) return result;
        try {
          this.remember(meter, result, maker);
        } catch (error) {
          faults.add(this.name, error);
        }
        return result;
      };
      const maker: AnyFunction = isConstructor(original)
        ? function (this: unknown): unknown {
            return made(Reflect.apply(original, this, arguments));
          }
        : {
            maker(this: unknown): unknown {
              return made(Reflect.apply(original, this, arguments));
            },
          }.maker;
      return maker;
    });
  }

  private remember(meter: Meter, stream: unknown, above: AnyFunction): void {
    // Which would notice.
    if (types.isProxy(stream)) return;
    const { decoder } = (stream as { _readableState?: { decoder?: unknown } } | null)?._readableState ?? {};
    if (!(decoder instanceof StringDecoder) || this.lines.has(decoder)) return;
    const operation = meter.operation("decode", "Readable.setEncoding");
    const reservation = meter.reserve(operation, above);
    const stack = reservation?.stack ?? (copyTraces.isTraced() ? meter.stacks.capture(above) : 0);
    this.lines.set(decoder, { reservation, stack });
  }
}
