// Runtime: the function that stands in for a measured one. V8 lets all closures of one literal share what it learns of
// their calls: forty stand-ins of one literal each cost 40 to 200 ns a call, for nothing in them can be inlined.
// So the literal is compiled anew for each function that is replaced; then a call costs 15 to 80 ns, most of it where two
// probes measure the same one.

import { Script } from "node:vm";
import { isConstructor } from "../patch.ts";
import type { CallTimes } from "../sampling/callTimes.ts";

// biome-ignore lint/complexity/noBannedTypes: any function can be measured
type AnyFunction = Function;

/** All that a stand-in knows. */
export interface StandInParts {
  readonly original: AnyFunction;
  readonly apply: typeof Reflect.apply;
  readonly calls: { readonly active: boolean };
  readonly gate: { depth: number };
  /** Amount of one call; 0 records nothing. */
  readonly amount: (self: unknown, args: IArguments, result: unknown) => number;
  readonly record: (
    amount: number,
    standIn: AnyFunction,
    args: IArguments,
    self: unknown,
    result: unknown,
  ) => void;
  readonly failed: (error: unknown) => void;
}
export interface TimedParts extends StandInParts {
  /** 1: what it calls itself counts nothing. */
  readonly nested: 0 | 1;
  readonly times: CallTimes;
  readonly time: (amount: number, micros: number) => void;
}
/** Of a call that is timed whether it returns or throws. */
export interface BlockingParts {
  readonly original: AnyFunction;
  readonly apply: typeof Reflect.apply;
  readonly calls: { readonly active: boolean };
  readonly gate: { depth: number };
  /** Milliseconds. */
  readonly now: () => number;
  readonly record: (micros: number, standIn: AnyFunction) => void;
  readonly failed: (error: unknown) => void;
}
type StandInLiteral<T> = (parts: T) => AnyFunction;
/** The name of a literal's one method. */
const METHOD = /(?<=\{\s*)(plain|nesting|timing|blocking)\(\)/;

/**
 * Records calls, and what they call themselves. Compiled from its own text, so that it must name nothing from outside,
 * and have only methods within: unlike functions they have no `prototype` and cannot be constructed, as built-ins.
 */
export function plainStandIn(parts: StandInParts): AnyFunction {
  const { original, apply, calls, gate, amount, record, failed } = parts;
  const { plain } = {
    plain(this: unknown): unknown {
      const result: unknown = apply(original, this, arguments);
      if (calls.active && gate.depth === 0) {
        try {
          const value = amount(this, arguments, result);
          if (value > 0) record(value, plain, arguments, this, result);
        } catch (error) {
          failed(error);
        }
      }
      return result;
    },
  };
  return plain;
}

/** Records calls; what they call themselves counts nothing. */
export function nestingStandIn(parts: StandInParts): AnyFunction {
  const { original, apply, calls, gate, amount, record, failed } = parts;
  const { nesting } = {
    nesting(this: unknown): unknown {
      if (!calls.active || gate.depth > 0) return apply(original, this, arguments) as unknown;
      gate.depth++;
      let result: unknown;
      try {
        result = apply(original, this, arguments);
      } finally {
        gate.depth--;
      }
      try {
        const value = amount(this, arguments, result);
        if (value > 0) record(value, nesting, arguments, this, result);
      } catch (error) {
        failed(error);
      }
      return result;
    },
  };
  return nesting;
}

/** Records calls, and how long some of them take. */
export function timedStandIn(parts: TimedParts): AnyFunction {
  const { original, apply, calls, gate, amount, record, failed, nested, times, time } = parts;
  const { timing } = {
    timing(this: unknown): unknown {
      if (!calls.active || gate.depth > 0) return apply(original, this, arguments) as unknown;
      gate.depth += nested;
      let result: unknown;
      const begun = times.begin();
      try {
        result = apply(original, this, arguments);
      } finally {
        gate.depth -= nested;
      }
      try {
        const micros = begun > 0 ? times.spent(begun) : 0;
        const value = amount(this, arguments, result);
        if (value > 0) {
          if (begun > 0) time(value, micros);
          record(value, timing, arguments, this, result);
        }
      } catch (error) {
        failed(error);
      }
      return result;
    },
  };
  return timing;
}

/** Records how long each call takes; what it calls itself counts nothing. */
export function blockingStandIn(parts: BlockingParts): AnyFunction {
  const { original, apply, calls, gate, now, record, failed } = parts;
  const { blocking } = {
    blocking(this: unknown): unknown {
      if (!calls.active || gate.depth > 0) return apply(original, this, arguments) as unknown;
      gate.depth++;
      const begun = now();
      try {
        return apply(original, this, arguments) as unknown;
      } finally {
        gate.depth--;
        try {
          record((now() - begun) * 1000, blocking);
        } catch (error) {
          failed(error);
        }
      }
    },
  };
  return blocking;
}

/** The preload's bundle: what built-ins allocate is charged to frames of this name (see `heapRows.ts`). */
const OWN_FILE = typeof __filename === "string" ? __filename : "";

export function freshStandIn<T extends StandInParts>(literal: StandInLiteral<T>, parts: T): AnyFunction {
  return (compiledAnew(literal, isConstructor(parts.original)) ?? literal)(parts);
}

let blockingConstructor: StandInLiteral<BlockingParts> | null = null;

/** These take long, so that one literal does for all. */
export function sharedStandIn(parts: BlockingParts): AnyFunction {
  if (!isConstructor(parts.original)) return blockingStandIn(parts);
  blockingConstructor ??= compiledAnew(blockingStandIn, true) ?? blockingStandIn;
  return blockingConstructor(parts);
}

/** @param constructs the stand-in is a `function`, not a method, so that it is a constructor as its original is */
function compiledAnew<T>(literal: StandInLiteral<T>, constructs: boolean): StandInLiteral<T> | null {
  try {
    const text = Function.prototype.toString.call(literal);
    const standIn = constructs ? text.replace(METHOD, "$1:function()") : text;
    // The bundle's own "use strict" does not hold here, and `this` is to arrive as it was given.
    const script = new Script(`"use strict";(${standIn})`, { filename: OWN_FILE });
    return script.runInThisContext() as StandInLiteral<T>;
  } catch {
    return null;
  }
}
