// Runtime: how many bytes structured clone moves for a value, close to what v8.serialize writes, without running
// any of the user's code: no getters, no proxies, and a bound on how much is looked at.

import { types } from "node:util";

const MAX_VALUES = 20_000;
const HEADER_BYTES = 2;
const OBJECT_BYTES = 4;

/** Bytes, at most those of the first 20,000 values. */
export function clonedBytes(value: unknown): number {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let bytes = HEADER_BYTES;
  for (let looked = 0; open.length > 0 && looked < MAX_VALUES; looked++) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) {
      bytes += primitiveBytes(next);
      continue;
    }
    if (seen.has(next)) {
      bytes += 2;
      continue;
    }
    seen.add(next);
    bytes += OBJECT_BYTES + contentsOf(next, open);
  }
  return bytes;
}

function primitiveBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return 2 + value.length;
    case "number":
      // A tag and a zigzag varint for 31-bit integers, else a double.
      return Number.isInteger(value) && Math.abs(value) < 2 ** 30 ? 1 + varintBytes(Math.abs(value) * 2) : 9;
    case "bigint":
      return 10;
    default:
      return 1;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest /= 128) bytes++;
  return bytes;
}

/** Bytes of what `object` itself holds; what it refers to is put on `open`. */
function contentsOf(object: object, open: unknown[]): number {
  if (types.isProxy(object)) return 0;
  if (ArrayBuffer.isView(object)) {
    // Clone moves the whole buffer under a view; one buffer under several views moves once.
    open.push(object.buffer);
    return 0;
  }
  if (types.isAnyArrayBuffer(object)) return types.isSharedArrayBuffer(object) ? 0 : object.byteLength;
  if (types.isMap(object)) {
    for (const [key, value] of Map.prototype.entries.call(object)) open.push(key, value);
    return 0;
  }
  if (types.isSet(object)) {
    for (const value of Set.prototype.values.call(object)) open.push(value);
    return 0;
  }
  if (types.isDate(object)) return 8;
  let bytes = 0;
  for (const key of Object.keys(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || !("value" in descriptor)) continue;
    if (!Array.isArray(object)) bytes += 2 + key.length;
    open.push(descriptor.value);
  }
  return bytes;
}
