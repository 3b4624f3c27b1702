// Sources: what V8's own functions allocate, by their name alone. What is not in here allocates nothing or is somebody's
// JavaScript, which V8 tells apart.

/** Objects of some sizes, or of any within a range, bytes. */
export interface Allocates {
  /** Sizes that it is known to make. */
  readonly sizes: readonly number[];
  /** It may make objects of any size from the one to the other; null: of `sizes` only. */
  readonly range: readonly [from: number, to: number] | null;
}

const ANY = Number.MAX_SAFE_INTEGER;
export const ANYTHING: Allocates = { sizes: [], range: [16, ANY] };
const STRING: Allocates = { sizes: [32], range: [24, ANY] };
/** An array is 32 bytes, its elements 16 and 8 each. */
const ARRAY: Allocates = { sizes: [32], range: [24, ANY] };
/** Elements of an array that grows. */
const GROWTH: Allocates = { sizes: [], range: [88, ANY] };
const ITERATOR: Allocates = { sizes: [40, 48], range: [32, 96] };
const SMALL: Allocates = { sizes: [], range: [24, 240] };
const TABLE: Allocates = { sizes: [], range: [200, ANY] };

const named = (names: string, allocates: Allocates) =>
  names.split(" ").map((name): [string, Allocates] => [name, allocates]);

/** Methods, whatever they are called on: a class of the user's may have the same name, then it is no harm. */
export const METHODS: ReadonlyMap<string, Allocates> = new Map([
  ...named(
    "charAt slice substring substr trim trimStart trimEnd toUpperCase toLowerCase padStart padEnd repeat",
    STRING,
  ),
  ...named(
    "replace replaceAll toString toFixed toPrecision toLocaleString join normalize toISOString",
    STRING,
  ),
  ...named("toLocaleUpperCase toLocaleLowerCase toUTCString toJSON toDateString fromCharCode raw", STRING),
  ...named("map filter concat splice flat flatMap split toSorted toSpliced toReversed with", ARRAY),
  ...named("match exec matchAll", ANYTHING),
  ...named("sort subarray set", { sizes: [], range: [64, ANY] }),
  ...named("push unshift", GROWTH),
  ...named("add", TABLE),
  ...named("keys values entries next", ITERATOR),
  ...named("bind then catch finally resolve reject", SMALL),
]);

/** Of global objects: `JSON.parse`. */
export const STATICS: ReadonlyMap<string, Allocates> = new Map([
  ...named("JSON.parse JSON.stringify Array.from Array.of Object.fromEntries Object.entries", ANYTHING),
  ...named("Object.keys Object.values Object.assign Object.getOwnPropertyNames Object.groupBy", ANYTHING),
  ...named(
    "Reflect.ownKeys Reflect.construct Promise.all Promise.allSettled Promise.race Promise.any",
    ANYTHING,
  ),
  ...named("Object.create Promise.resolve Promise.reject Promise.withResolvers Object.freeze", SMALL),
  ...named("String.fromCharCode String.raw", STRING),
]);

/** Called by themselves. */
export const FUNCTIONS: ReadonlyMap<string, Allocates> = new Map([
  ...named(
    "String encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape atob btoa",
    STRING,
  ),
  ...named("BigInt Symbol Boolean", SMALL),
  ...named("structuredClone Array Object Error TypeError RangeError Date", ANYTHING),
]);

/** After `new`; V8's own classes alone. */
export const CONSTRUCTORS: ReadonlyMap<string, Allocates> = new Map([
  ...named("Map Set WeakMap WeakSet", ANYTHING),
  ...named("Promise Proxy WeakRef FinalizationRegistry", SMALL),
  ...named("Date", { sizes: [96], range: [16, 120] }),
  ...named("Error TypeError RangeError SyntaxError AggregateError EvalError ReferenceError", {
    sizes: [],
    range: [16, 2_048],
  }),
  ...named("Object", { sizes: [56], range: null }),
  ...named("RegExp String Function Boolean Number", ANYTHING),
  ...named("ArrayBuffer SharedArrayBuffer", { sizes: [88, 96, 104], range: null }),
  ...named("Uint8Array Int8Array Uint8ClampedArray Uint16Array Int16Array Uint32Array Int32Array", {
    sizes: [104],
    range: [64, 240],
  }),
  ...named("Float32Array Float64Array BigInt64Array BigUint64Array DataView", {
    sizes: [104],
    range: [64, 240],
  }),
]);
