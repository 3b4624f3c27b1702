// Runtime: what a copy reads and what it makes, by its call. Nothing here runs the user's code.

/**
 * Where a copy's result is: what it returns; the object that it is a method of; its first argument; its second one. What it
 * reads is the rest.
 */
export type Flow = "returned" | "self" | "first" | "second";

/** Bytes of memory. */
export interface Range {
  readonly buffer: ArrayBufferLike;
  readonly start: number;
  readonly end: number;
}
/** A string, bytes, or an object that holds some. */
export type Data = string | Range | { readonly object: object };

/** Shorter strings are equal by chance. */
const LEAST_CHARACTERS = 16;

export function sourcesOf(flow: Flow, self: unknown, args: ArrayLike<unknown>): Data[] {
  const found: Data[] = [];
  if (flow !== "self") push(found, bytesOf(self));
  for (let at = flow === "first" ? 1 : 0; at < args.length; at++) {
    if (flow !== "second" || at !== 1) push(found, dataOf(args[at]));
  }
  return found;
}

/** Null where it makes nothing that could be copied on. @param bytes that were written, for what was written into */
export function productOf(
  flow: Flow,
  self: unknown,
  args: ArrayLike<unknown>,
  result: unknown,
  bytes: number,
): Data | null {
  switch (flow) {
    case "returned":
      return dataOf(result);
    case "self": {
      // `set(source, offset)` counts in elements, `write(text, offset)` in bytes.
      const each = (self as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
      return written(self, Number(args[1]) * each || 0, bytes);
    }
    case "first":
      return written(args[0], Number(args[1]) || 0, bytes);
    case "second":
      return written(args[1], 0, bytes);
  }
}

export function dataOf(value: unknown): Data | null {
  if (typeof value === "string") return value.length < LEAST_CHARACTERS ? null : value;
  if (typeof value !== "object" || value === null) return null;
  return bytesOf(value) ?? { object: value };
}

function bytesOf(value: unknown): Range | null {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { buffer, start: byteOffset, end: byteOffset + byteLength };
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
    return { buffer: value, start: 0, end: value.byteLength };
  return null;
}

function written(target: unknown, offset: number, bytes: number): Range | null {
  const whole = bytesOf(target);
  if (whole === null) return null;
  const start = whole.start + Math.max(0, offset);
  return { buffer: whole.buffer, start, end: Math.min(whole.end, start + bytes) };
}

function push(list: Data[], data: Data | null): void {
  if (data !== null) list.push(data);
}
