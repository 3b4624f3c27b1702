// Runtime: the pool jobs of file streams (open, reads or writes, close), which Node asks for from callbacks of its own: they
// are charged to the line that made the stream. Decided once a stream whether it is sampled, with all its jobs.

import type Fs from "node:fs";
import { builtin } from "../../builtins.ts";
import { Patches } from "../../patch.ts";
import type { EventGroup, Meter, Operation } from "../../sampling/meter.ts";
import type { Probe, ProbeContext } from "../probe.ts";

const fs = builtin<typeof Fs>("fs");

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
type AnyFunction = Function;

/** Where Node asks for the jobs, synchronously. A close that waits for a read to end is asked for elsewhere. */
const METHODS = {
  createReadStream: ["_construct", "_read", "_destroy"],
  createWriteStream: ["_construct", "_write", "_writev", "_destroy"],
} as const;
type Maker = keyof typeof METHODS;

export class FileStreamsProbe implements Probe {
  readonly name = "switches.fileStreams";
  private readonly patches = new Patches();
  private readonly groups = new WeakMap<object, EventGroup>();
  private readonly seen = new Set<Maker>();
  private active = true;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    for (const maker of Object.keys(METHODS) as Maker[]) {
      const operation = meter.operation("round trip", `fs.${maker}`);
      const made = (stream: unknown, above: AnyFunction) =>
        faults.guard(this.name, undefined, () => this.made(meter, maker, operation, stream, above));
      this.patches.replace(fs, [maker], (original) => this.makerStandIn(meter, original, made));
    }
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }

  private makerStandIn(
    meter: Meter,
    original: AnyFunction,
    made: (stream: unknown, above: AnyFunction) => void,
  ): AnyFunction {
    const probe = this;
    const { make } = {
      make(this: unknown): unknown {
        const stream: unknown = Reflect.apply(original, this, arguments);
        if (probe.active && meter.quiet === 0) made(stream, make);
        return stream;
      },
    };
    return make;
  }

  private made(meter: Meter, maker: Maker, operation: Operation, stream: unknown, above: AnyFunction): void {
    if (typeof stream !== "object" || stream === null) return;
    // Not before: Node loads the classes when they are asked for.
    if (!this.seen.has(maker)) {
      this.seen.add(maker);
      this.watch(meter, Object.getPrototypeOf(stream) as Record<string, AnyFunction>, METHODS[maker]);
    }
    this.groups.set(stream, { operation, reservation: meter.reserve(operation, above), given: 0 });
  }

  private watch(meter: Meter, prototype: Record<string, AnyFunction>, methods: readonly string[]): void {
    const { groups } = this;
    for (const key of methods) {
      this.patches.replace(prototype, [key], (original) => {
        const { ask } = {
          ask(this: object): unknown {
            const group = groups.get(this);
            if (group === undefined) return Reflect.apply(original, this, arguments);
            const before = meter.group;
            meter.group = group;
            try {
              return Reflect.apply(original, this, arguments);
            } finally {
              meter.group = before;
            }
          },
        };
        return ask;
      });
    }
  }
}
