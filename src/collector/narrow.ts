// Collector: the parts that validators are made of. A check takes what came from outside and returns it narrowed
// and copied, key by known key, so that neither a stray key nor a prototype comes along.

/** What came from outside is not what it should be; the message names the place, never the value. */
export class InvalidInput extends Error {}

export type Check<T> = (value: unknown) => T;

function fail(expected: string): never {
  throw new InvalidInput(`expected ${expected}`);
}

/** The complaint of a check with its place in front. Places are only put together when something is wrong. */
function at(place: string | number, error: unknown): unknown {
  if (!(error instanceof InvalidInput)) return error;
  const rest = error.message;
  return new InvalidInput(rest.startsWith("expected") ? `${place}: ${rest}` : `${place}.${rest}`);
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail("an object");
  return value as Record<string, unknown>;
}

/** May be left out; then it stays left out. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => (value === undefined ? undefined : check(value));
}

export function shape<T>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const checks = Object.entries(fields) as [string, Check<unknown>][];
  return (value) => {
    const from = record(value);
    if (Object.hasOwn(from, "__proto__")) fail("no key named __proto__");
    const to: Record<string, unknown> = {};
    let place = "";
    try {
      for (const [key, check] of checks) {
        place = key;
        const narrowed = check(Object.hasOwn(from, key) ? from[key] : undefined);
        if (narrowed !== undefined) to[key] = narrowed;
      }
    } catch (error) {
      throw at(place, error);
    }
    return to as T;
  };
}

export function list<T>(check: Check<T>, maximum: number): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) fail("a list");
    if (value.length > maximum) fail(`at most ${maximum} entries`);
    const to: T[] = new Array(value.length);
    let i = 0;
    try {
      for (; i < value.length; i++) to[i] = check(value[i]);
    } catch (error) {
      throw at(i, error);
    }
    return to;
  };
}

export function tuple<T extends readonly unknown[]>(
  ...checks: { readonly [K in keyof T]: Check<T[K]> }
): Check<T> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== checks.length) fail(`a row of ${checks.length}`);
    const to: unknown[] = new Array(checks.length);
    let i = 0;
    try {
      for (; i < checks.length; i++) to[i] = (checks[i] as Check<unknown>)(value[i]);
    } catch (error) {
      throw at(i, error);
    }
    return to as unknown as T;
  };
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === null ? null : check(value));
}

export function oneOf<T extends string | number>(values: readonly T[]): Check<T> {
  return (value) => {
    const found = values.find((candidate) => candidate === value);
    return found === undefined ? fail(`one of ${values.join(", ")}`) : found;
  };
}

export function text(maximum: number): Check<string> {
  return (value) => {
    if (typeof value !== "string") fail("a string");
    if (value.length > maximum) fail(`a string of at most ${maximum} characters`);
    return value;
  };
}

/** Text that the user's code chose (a function's name, a data: URL): cut, not refused. */
export function clipped(maximum: number): Check<string> {
  return (value) => {
    if (typeof value !== "string") fail("a string");
    return value.length > maximum ? `${value.slice(0, maximum - 1)}…` : value;
  };
}

export const flag: Check<boolean> = (value) => (typeof value === "boolean" ? value : fail("true or false"));

/** A whole number from `minimum` to `maximum`. */
export function whole(maximum = Number.MAX_SAFE_INTEGER, minimum = 0): Check<number> {
  return (value) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < minimum || value > maximum) {
      fail(`a whole number from ${minimum} to ${maximum}`);
    }
    return value;
  };
}

/** Of sums in a recording: what adds them up, and their squares, stays finite. */
const MOST = 2 ** 120;

/** A number, 0 or more: estimates and sums may have a fraction. */
export const amount: Check<number> = (value) => {
  if (typeof value !== "number" || !(value >= 0 && value <= MOST)) fail("a number from 0 to 2^120");
  return value;
};

/** A whole number that sums may have made larger than those that are told apart. */
export const count: Check<number> = (value) =>
  Number.isInteger(value) ? amount(value) : fail("a whole number");

/** A difference of two readings: a counter that ran a little backwards counts as 0. */
export const difference: Check<number> = (value) => {
  if (typeof value !== "number" || !(value >= -MOST && value <= MOST)) fail("a number from -2^120 to 2^120");
  return Math.max(0, value);
};

/** Any number there is: of figures that were computed, among them differences. */
export const finite: Check<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : fail("a finite number");
