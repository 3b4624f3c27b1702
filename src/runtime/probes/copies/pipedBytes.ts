// Runtime: chunks that streams of Node's own work on when they are piped to: they arrive where no user code stands on the
// stack, and are charged to the line that called `pipe` or `pipeline`.

import { Readable, Transform } from "node:stream";
import { types } from "node:util";
import type { Faults } from "../../faults.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Meter, Reservation } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { copiesGate } from "./gate.ts";
import { dataBytes } from "./textBytes.ts";

type Functions = Record<string, unknown>;
interface Line {
  readonly reservation: Reservation | null;
}

export class PipedBytes {
  private readonly patches = new RestingPatches();
  private readonly operations = new Map<unknown, Operation>();
  private readonly lines = new WeakMap<object, Line>();
  private active = true;

  constructor(
    private readonly name: string,
    private readonly meter: Meter,
    private readonly faults: Faults,
  ) {
    this.patchPipe();
  }

  /** `_transform(chunk, encoding, callback)`; on some versions the prototypes share theirs. */
  measure(prototypes: readonly Functions[], operation: Operation): void {
    for (const [at, prototype] of prototypes.entries()) {
      if (!this.operations.has(prototype._transform))
        this.patch(prototype, operation, prototypes.slice(at + 1));
    }
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }

  private patch(prototype: Functions, operation: Operation, twins: readonly object[]): void {
    const { meter, faults } = this;
    const times = meter.timesOf(operation);
    const probe = this;
    this.patches.replace(
      prototype,
      ["_transform"],
      (original) => {
        return function _transform(
          this: object,
          chunk: unknown,
          encoding: unknown,
          _callback: unknown,
        ): unknown {
          if (!probe.active || meter.quiet > 0 || copiesGate.depth > 0)
            return Reflect.apply(original, this, arguments);
          const begun = times.begin();
          const result: unknown = Reflect.apply(original, this, arguments);
          const micros = begun > 0 ? times.spent(begun) : 0;
          try {
            const bytes = dataBytes(chunk, encoding);
            if (bytes === 0) return result;
            if (begun > 0) meter.time(operation, bytes, micros);
            const line = probe.lines.get(this);
            const reservation = line === undefined ? meter.reserve(operation, _transform) : line.reservation;
            meter.settle(operation, bytes, reservation);
          } catch (error) {
            faults.add(probe.name, error);
          }
          return result;
        };
      },
      twins,
    );
    this.operations.set(prototype._transform, operation);
  }

  private patchPipe(): void {
    const { meter, faults } = this;
    const probe = this;
    // `pipeline` calls it, too.
    this.patches.replace(Readable.prototype, ["pipe"], (original) => {
      return function pipe(this: unknown, target: unknown): unknown {
        try {
          if (probe.active && meter.quiet === 0) probe.remember(target, pipe);
        } catch (error) {
          faults.add(probe.name, error);
        }
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  private remember(target: unknown, above: (target: unknown) => unknown): void {
    // Of what is no such stream nothing is asked: the user's own object would notice.
    if (types.isProxy(target) || !(target instanceof Transform) || this.lines.has(target)) return;
    const operation = this.operations.get(target._transform);
    if (operation !== undefined)
      this.lines.set(target, { reservation: this.meter.reserve(operation, above) });
  }
}
