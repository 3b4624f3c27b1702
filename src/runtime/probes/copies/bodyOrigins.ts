// Runtime: bodies of `fetch`, Response and Request, and what zlib calls back with, are joined and decoded by Node from
// callbacks: the copies are measured where they happen, here their callers are remembered. Only where V8's own async
// stacks do not reach them (see callers.ts).

import { builtin, isLoaded } from "../../builtins.ts";
import { isConstructor } from "../../patch.ts";
import { RestingPatches } from "../../restingPatches.ts";
import { callers } from "../../sampling/callers.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";

const BODIES = ["text", "json", "arrayBuffer", "bytes", "blob", "formData"];
/** Behind `fetch`; Node loads it at the first use of any of these. */
const UNDICI = "internal/deps/undici/undici";
const CLASSES = ["Response", "Request"];
const ONE_SHOTS = [
  "gzip",
  "gunzip",
  "deflate",
  "inflate",
  "deflateRaw",
  "inflateRaw",
  "unzip",
  "brotliCompress",
  "brotliDecompress",
  "zstdCompress",
  "zstdDecompress",
];

type Functions = Record<string, unknown>;
type Global = Record<string, { readonly prototype: Functions } | undefined>;

export class BodyOriginsProbe implements Probe {
  readonly name = "copies.bodies";
  private readonly patches = new RestingPatches();
  private readonly cancels: (() => void)[] = [];
  private active = true;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    if (!callers.areCheap) return;
    this.cancels.push(
      whenAsked(this.name, context, [UNDICI], () => this.patchBodies(context)),
      whenAsked(this.name, context, ["zlib"], () => {
        const zlib = builtin<Functions>("zlib");
        for (const name of ONE_SHOTS) this.remember(zlib, name, context);
      }),
    );
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.active = false;
    this.patches.restore();
  }

  private remember(target: Functions, name: string, { meter }: ProbeContext): void {
    const remembers = () => this.active && meter.quiet === 0;
    this.patches.replace(target, [name], (original) => {
      const remembering: () => unknown = isConstructor(original)
        ? function (this: unknown): unknown {
            return remembers()
              ? callers.run(original, this, arguments, remembering)
              : Reflect.apply(original, this, arguments);
          }
        : {
            body(this: unknown): unknown {
              return remembers()
                ? callers.run(original, this, arguments, remembering)
                : Reflect.apply(original, this, arguments);
            },
          }.body;
      return remembering;
    });
  }

  /** These globals are lazy, so that even to look whether they are would load undici. */
  private patchBodies(context: ProbeContext): void {
    if (!isLoaded(UNDICI)) return;
    for (const name of CLASSES) {
      const prototype = (globalThis as unknown as Global)[name]?.prototype;
      if (prototype === undefined) continue;
      for (const body of BODIES) this.remember(prototype, body, context);
    }
  }
}
