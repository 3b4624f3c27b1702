// Runtime: what the copies of one request have made, so that a later copy of it is recognised: memory by the place that it
// takes, objects by themselves and by what they hold, strings by their characters. All is held only as long as the request.

import { types } from "node:util";
import { type Data, dataOf, type Range } from "./flow.ts";

/** Together, of one request: beyond it the oldest are forgotten. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const MAX_STRINGS = 300;
const MAX_RANGES = 512;
/** Of objects and what they hold. */
const MAX_OBJECTS = 2_000;
const MAX_WALK = 300;
/** Of an array's or object's members. */
const MAX_MEMBERS = 64;
const MARKS = 16;
/** A string within another one, as a body behind its head, or within an object. */
const LONG_TEXT = 64;

export class Products<T> {
  private strings: { readonly text: string; readonly by: T }[] = [];
  private ranges: { readonly range: Range; readonly marks: string; readonly by: T }[] = [];
  private readonly objects = new Map<object, T>();
  private heldBytes = 0;

  add(data: Data, by: T): void {
    if (typeof data === "string") this.addText(data, by);
    else if ("buffer" in data) {
      this.ranges.push({ range: data, marks: marksOf(data), by });
      if (this.ranges.length > MAX_RANGES) this.ranges.shift();
    } else {
      walk(data.object, (value) => {
        if (typeof value === "string") this.addText(value, by);
        else if (this.objects.size < MAX_OBJECTS) this.objects.set(value, by);
        return false;
      });
    }
  }

  /** Who made one of these, null for nobody: the latest of the largest. */
  find(sources: readonly Data[]): T | null {
    let found: T | null = null;
    let size = -1;
    for (const source of sources) {
      const by = typeof source === "string" ? this.ofText(source) : this.ofBinary(source);
      if (by === null || sizeOf(source) <= size) continue;
      found = by;
      size = sizeOf(source);
    }
    return found;
  }

  private ofBinary(source: Exclude<Data, string>): T | null {
    if (!("buffer" in source)) return this.within(source.object);
    for (let at = this.ranges.length - 1; at >= 0; at--) {
      const { range, marks, by } = this.ranges[at] as (typeof this.ranges)[number];
      if (range.buffer !== source.buffer || range.start >= source.end || source.start >= range.end) continue;
      // Where other bytes stand now, somebody has written there since.
      return marksOf(range) === marks ? by : null;
    }
    return null;
  }

  /** Of an object, or of the largest thing that it holds: the members of a list that is joined, of a value that is serialised. */
  private within(object: object): T | null {
    let found: T | null = null;
    let size = 0;
    walk(object, (value) => {
      const data = typeof value === "string" ? value : dataOf(value);
      if (data === null) return false;
      if (typeof data === "object" && "object" in data) {
        found = this.objects.get(data.object) ?? found;
        return this.objects.has(data.object);
      }
      const bytes = sizeOf(data);
      const by = bytes <= size ? null : typeof data === "string" ? this.ofText(data) : this.ofBinary(data);
      if (by !== null) [found, size] = [by, bytes];
      return false;
    });
    return found;
  }

  private ofText(text: string): T | null {
    for (let at = this.strings.length - 1; at >= 0; at--) {
      const made = this.strings[at] as (typeof this.strings)[number];
      const { length } = made.text;
      if (length === text.length ? made.text === text : length >= LONG_TEXT && isPart(made.text, text))
        return made.by;
    }
    return null;
  }

  private addText(text: string, by: T): void {
    this.strings.push({ text, by });
    this.heldBytes += text.length;
    while (this.heldBytes > MAX_HELD_BYTES || this.strings.length > MAX_STRINGS)
      this.heldBytes -= this.strings.shift()?.text.length ?? 0;
  }
}

/** Some of its bytes, spread evenly. */
function marksOf({ buffer, start, end }: Range): string {
  const bytes = new Uint8Array(buffer, start, end - start);
  let marks = "";
  for (let mark = 0; mark < MARKS; mark++) marks += `${bytes[Math.floor((bytes.length * mark) / MARKS)]},`;
  return marks;
}

/** Of an object it is not known: 0. */
function sizeOf(data: Data): number {
  if (typeof data === "string") return data.length;
  return "buffer" in data ? data.end - data.start : 0;
}

/** At the beginning or the end of the other: what stands in its midst is not looked for. */
function isPart(part: string, whole: string): boolean {
  return whole.length > part.length && (whole.endsWith(part) || whole.startsWith(part));
}

/**
 * An object and what it holds, breadth first, with its long strings, until `visit` says true. Reads no getter and no proxy,
 * so that it runs none of the user's code.
 */
function walk(root: object, visit: (value: object | string) => boolean): void {
  const queue: object[] = [root];
  const seen = new Set<object>(queue);
  for (let at = 0; at < queue.length && at < MAX_WALK; at++) {
    const value = queue[at] as object;
    if (visit(value)) return;
    if (types.isProxy(value) || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) continue;
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const members = Math.min(MAX_MEMBERS, keys === null ? (value as unknown[]).length : keys.length);
    for (let place = 0; place < members; place++) {
      const key = keys === null ? place : (keys[place] as string);
      const member = Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
      if (typeof member === "string") {
        if (member.length >= LONG_TEXT && visit(member)) return;
      } else if (typeof member === "object" && member !== null && !seen.has(member)) {
        seen.add(member);
        queue.push(member);
      }
    }
  }
}
