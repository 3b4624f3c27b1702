// Fuzzing: damages bytes as a broken sender, a cut file or a bad disk would, and worse.

import type { Chance } from "./chance.ts";

/** What JSON, gzip and our framing treat apart. */
const TELLING = [
  0x00, 0x1f, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x39, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x8b, 0xff,
];

export function mutateBytes(bytes: Uint8Array, chance: Chance): Uint8Array {
  let result = bytes;
  for (let times = 1 + chance.below(4); times > 0; times--) result = mutateOnce(result, chance);
  return result;
}

function mutateOnce(bytes: Uint8Array, chance: Chance): Uint8Array {
  const { length } = bytes;
  if (length === 0) return chance.bytes(1 + chance.below(8));
  const at = chance.below(length);
  const until = Math.min(length, at + 1 + chance.below(chance.once(4) ? length : 16));
  const copy = bytes.slice();
  switch (chance.below(8)) {
    case 0:
      copy[at] = (copy[at] as number) ^ (1 << chance.below(8));
      return copy;
    case 1:
      copy[at] = chance.pick(TELLING);
      return copy;
    case 2:
      return copy.fill(chance.pick(TELLING), at, until);
    case 3:
      return bytes.slice(0, at);
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(until));
    case 5:
      return joined(bytes.subarray(0, until), bytes.subarray(at));
    case 6:
      return joined(bytes.subarray(0, at), chance.bytes(1 + chance.below(32)), bytes.subarray(at));
    default:
      return copy.copyWithin(at, chance.below(length), length);
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
