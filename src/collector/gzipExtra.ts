// Collector: bytes that travel in front of a gzip file, where every reader of gzip passes over them: in the extra fields of
// members that hold nothing (RFC 1952, 2.3.1.1), as BGZF does it. What the file unpacks to stays the same.

/** Of the field, as registered nowhere: Darcy, front. */
const FIELD = [0x44, 0x46] as const;
const HEADER = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff] as const;
/** An empty last block, its checksum and its length. */
const TRAILER = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0] as const;
const FIELD_BYTES = 4;
const OVERHEAD = HEADER.length + 2 + FIELD_BYTES + TRAILER.length;
const MOST_A_MEMBER = 0xffff - FIELD_BYTES;

/** Members that hold `extra`, to stand before a gzip file. */
export function extraMembers(extra: Uint8Array): Buffer {
  const members: Buffer[] = [];
  for (let from = 0; from < extra.length; from += MOST_A_MEMBER) {
    const part = extra.subarray(from, from + MOST_A_MEMBER);
    const member = Buffer.alloc(OVERHEAD + part.length);
    member.set(HEADER);
    let at: number = HEADER.length;
    at = member.writeUInt16LE(FIELD_BYTES + part.length, at);
    member.set(FIELD, at);
    at = member.writeUInt16LE(part.length, at + FIELD.length);
    member.set(part, at);
    member.set(TRAILER, at + part.length);
    members.push(member);
  }
  return Buffer.concat(members);
}

export interface Parted {
  /** Empty where there is none. */
  readonly extra: Buffer;
  /** All that comes after it. */
  readonly rest: Uint8Array;
}

/** Of any bytes. Where it is more than `most` bytes, it is as if there were none. */
export function partExtra(packed: Uint8Array, most: number): Parted {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const parts: Buffer[] = [];
  let [at, sum] = [0, 0];
  for (;;) {
    const part = memberAt(bytes, at);
    if (part !== null) {
      parts.push(part);
      at += OVERHEAD + part.length;
      sum += part.length;
      if (sum > most) return { extra: Buffer.alloc(0), rest: packed };
    }
    // Only the last one is not full: millions of empty ones are no front of ours.
    if (part === null || part.length < MOST_A_MEMBER)
      return { extra: Buffer.concat(parts), rest: packed.subarray(at) };
  }
}

function memberAt(bytes: Buffer, start: number): Buffer | null {
  if (start + OVERHEAD > bytes.length || !isAt(bytes, start, HEADER)) return null;
  const field = start + HEADER.length + 2;
  const length = bytes.readUInt16LE(field - 2) - FIELD_BYTES;
  if (length < 0 || start + OVERHEAD + length > bytes.length || !isAt(bytes, field, FIELD)) return null;
  if (bytes.readUInt16LE(field + FIELD.length) !== length) return null;
  const from = field + FIELD_BYTES;
  return isAt(bytes, from + length, TRAILER) ? bytes.subarray(from, from + length) : null;
}

function isAt(bytes: Buffer, start: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[start + index] === byte);
}
