// Leaf: how one value differs from another, and the other one made of the first by it: what is posted instead of the whole.
// Values are those of JSON, and arrays of numbers (`Float64Array`), which are one value. A property that is undefined is none.

type Primitive = string | number | boolean | null;

/** Of a value: a primitive stands in its place. */
export type Delta =
  | Primitive
  /** Another one stands in its place. */
  | readonly ["=", unknown]
  /** An object: properties that are new or other ones, and those that are gone. */
  | readonly ["{", { readonly [name: string]: Delta }, readonly string[]]
  /**
   * A list: how long it is now; for each entry where it was (-1: nowhere), null where all that were there still are at their
   * place; and entries that are new or other ones, by index.
   */
  | readonly ["[", number, readonly number[] | null, readonly (readonly [index: number, Delta])[]];

/** Tells an entry of a list wherever it stands; null: by its place. */
export type NameOf = (entry: object) => string | null;

/** Undefined: there is no difference. */
export function difference(from: unknown, to: unknown, nameOf: NameOf = () => null): Delta | undefined {
  if (from === to) return undefined;
  if (Array.isArray(from) && Array.isArray(to)) return ofLists(from, to, nameOf);
  if (isRecord(from) && isRecord(to)) return ofRecords(from, to, nameOf);
  if (from instanceof Float64Array && to instanceof Float64Array && sameNumbers(from, to)) return undefined;
  return instead(to);
}

/** What stays is the same object. @throws TypeError where the delta is not of this value */
export function patched(from: unknown, delta: Delta): unknown {
  if (!Array.isArray(delta)) return delta;
  const [what] = delta;
  if (what === "=") return delta[1];
  if (what === "{") {
    if (!isRecord(from)) throw new TypeError("The delta is of an object.");
    const [, changed, gone] = delta as Extract<Delta, readonly ["{", ...unknown[]]>;
    const to = new Map(Object.entries(from));
    for (const name of gone) to.delete(name);
    for (const [name, each] of Object.entries(changed)) to.set(name, patched(own(from, name), each));
    return Object.fromEntries(to);
  }
  if (!Array.isArray(from)) throw new TypeError("The delta is of a list.");
  const [, length, places, changed] = delta as Extract<Delta, readonly ["[", ...unknown[]]>;
  const to = places === null ? from.slice(0, length) : places.map((place) => from[place] as unknown);
  for (const [index, each] of changed) to[index] = patched(to[index], each);
  return to;
}

function instead(to: unknown): Delta {
  return typeof to === "object" && to !== null ? ["=", to] : (to as Primitive);
}

function ofRecords(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  nameOf: NameOf,
): Delta | undefined {
  const changed: [string, Delta][] = [];
  for (const name of Object.keys(to)) {
    if (to[name] === undefined) continue;
    const before = own(from, name);
    const each = before === undefined ? instead(to[name]) : difference(before, to[name], nameOf);
    if (each !== undefined) changed.push([name, each]);
  }
  const gone = Object.keys(from).filter((name) => from[name] !== undefined && own(to, name) === undefined);
  return changed.length === 0 && gone.length === 0 ? undefined : ["{", Object.fromEntries(changed), gone];
}

function ofLists(from: readonly unknown[], to: readonly unknown[], nameOf: NameOf): Delta | undefined {
  const places = placesOf(from, to, nameOf);
  const changed: (readonly [number, Delta])[] = [];
  let primitives = 0;
  for (const [index, entry] of to.entries()) {
    const place = places === null ? index : (places[index] as number);
    const each = place < 0 || place >= from.length ? instead(entry) : difference(from[place], entry, nameOf);
    if (each === undefined) continue;
    changed.push([index, each]);
    if (!Array.isArray(each)) primitives++;
  }
  if (changed.length === 0 && places === null && from.length === to.length) return undefined;
  // An index takes as much room as a number itself.
  if (primitives > to.length / 2) return ["=", to];
  return ["[", to.length, places, changed];
}

/** Null where every entry is where it was, as far as there are names. */
function placesOf(from: readonly unknown[], to: readonly unknown[], nameOf: NameOf): number[] | null {
  const nameAt = (entry: unknown) => (typeof entry === "object" && entry !== null ? nameOf(entry) : null);
  if (nameAt(to[0]) === null) return null;
  const known = new Map<string, number>();
  for (const [index, entry] of from.entries()) {
    const name = nameAt(entry);
    if (name !== null && !known.has(name)) known.set(name, index);
  }
  let moved = false;
  const places = to.map((entry, index) => {
    const name = nameAt(entry);
    const stays = name !== null && index < from.length && nameAt(from[index]) === name;
    const place = stays ? index : name === null ? -1 : (known.get(name) ?? -1);
    // A new one at the end is at its place.
    moved ||= place !== index && (place >= 0 || index < from.length);
    return place;
  });
  return moved ? places : null;
}

/** Not what an object has by its prototype. */
function own(record: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
