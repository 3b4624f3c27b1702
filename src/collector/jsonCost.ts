// Collector: what a JSON text will take once it is parsed, before it is: two characters (`[]`) become fifty bytes, and
// V8 ends the process that has no room for them.

const [QUOTE, COMMA, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d,
];
/** Bytes of V8's heap, at most: an empty one, an entry's place, a key's with its part of the object's shape. */
const LIST_BYTES = 48;
const OBJECT_BYTES = 64;
const ENTRY_BYTES = 16;
const KEY_BYTES = 24;
const TEXT_BYTES = 32;

/** Told apart by as many bits of a hash. */
const KEY_HASHES = 2 ** 16;

export interface JsonCost {
  readonly bytes: number;
  readonly depth: number;
  /** Different ones, about: objects of many keys take far longer than their size tells. */
  readonly keys: number;
}

/** Of any bytes; says nothing about whether they are JSON. Goes no further than `limit`. */
export function jsonCost(json: Uint8Array, limit: JsonCost): JsonCost {
  const known = new Uint8Array(KEY_HASHES);
  let [bytes, depth, deepest, keys] = [0, 0, 0, 0];
  for (let at = 0; at < json.length; at++) {
    if (bytes > limit.bytes || deepest > limit.depth || keys > limit.keys) break;
    switch (json[at]) {
      case QUOTE: {
        const end = endOfText(json, at);
        if (json[afterSpace(json, end + 1)] === COLON) {
          const hash = hashOf(json, at + 1, end);
          keys += 1 - (known[hash] as number);
          known[hash] = 1;
        } else bytes += TEXT_BYTES + 2 * (end - at);
        at = end;
        break;
      }
      case COMMA:
        bytes += ENTRY_BYTES;
        break;
      case COLON:
        bytes += KEY_BYTES;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        bytes += json[at] === OPEN_LIST ? LIST_BYTES : OBJECT_BYTES;
        deepest = Math.max(deepest, ++depth);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return { bytes, depth: deepest, keys };
}

/** Of the quote that closes it, or the last byte. */
function endOfText(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === BACKSLASH) at++;
    else if (json[at] === QUOTE) return at;
  }
  return json.length - 1;
}

function afterSpace(json: Uint8Array, start: number): number {
  let at = start;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++;
  return at;
}

/** FNV-1a, folded. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 16)) & (KEY_HASHES - 1);
}
