// Collector: a recording packed as it stands in its file, slice by slice: a thread that packs a large one goes on meanwhile.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Profile } from "../model/profile.ts";

/** Characters: made in a millisecond or two. */
const SLICE = 256 * 1024;

/** Gzipped, of what `JSON.stringify` would make of it. @throws `AbortError` once `signal` is aborted */
export async function packProfile(profile: Profile, signal?: AbortSignal): Promise<Buffer> {
  const packed: Buffer[] = [];
  // One slice at a time: more would be made at once.
  const json = Readable.from(slices(profile), { highWaterMark: 1 });
  const packer = createGzip({ level: 6, chunkSize: SLICE });
  const collect = async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) packed.push(part);
  };
  await pipeline(json, packer, collect, signal === undefined ? {} : { signal });
  return Buffer.concat(packed);
}

function* slices(profile: Profile): Generator<string> {
  let text = "{";
  let separator = "";
  for (const [key, value] of Object.entries(profile) as [string, unknown][]) {
    if (value === undefined) continue;
    text += `${separator}${JSON.stringify(key)}:`;
    separator = ",";
    if (!Array.isArray(value)) {
      text += JSON.stringify(value);
      continue;
    }
    text += "[";
    for (const [at, item] of value.entries()) {
      text += `${at === 0 ? "" : ","}${JSON.stringify(item) ?? "null"}`;
      if (text.length < SLICE) continue;
      yield text;
      text = "";
    }
    text += "]";
  }
  yield `${text}}`;
}
