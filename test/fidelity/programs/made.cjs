// Fidelity programs: arguments by recipe, which fast-check makes from a seed: what functions are meant for, and junk.
const fc = require("fast-check");
const { shown } = require("./shown.cjs");

/** Files only by names in the working directory, descriptors that are open nowhere. */
const WORDS = [
  "a",
  "b",
  "folder",
  "folder/c",
  "no/such",
  "utf8",
  "hex",
  "latin1",
  "nope",
  "",
  "ä€😀",
  '{"a":[1]}',
  "{",
  "YQ==",
  "sha256",
  "w",
  "r",
];
// (Node aborts at a mode that fits no 31 bits.)
const NUMBERS = [-1, 99, 1_000, 4.5, Number.NaN];
// (Nothing that gigabytes are made of.)
const SMALL = [0, 1, 2, 3, 8, -1_000_000, 2 ** 53, ...NUMBERS];

const recipe = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("word"), pick: fc.nat(1_000) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("number"), pick: fc.nat(1_000) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("bytes"),
      pick: fc.nat(1_000),
      of: fc.constantFrom(
        "Buffer",
        "Uint8Array",
        "Uint16Array",
        "DataView",
        "ArrayBuffer",
        "SharedArrayBuffer",
        "detached",
        "resizable",
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("json"), value: fc.jsonValue({ maxDepth: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("callback") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("options"),
      key: fc.constantFrom("encoding", "flag", "level", "recursive", "transfer", "length"),
      pick: fc.nat(1_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("asked", "proxy", "getter", "throws"),
      pick: fc.nat(1_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("undefined", "null", "symbol", "bigint", "date", "map", "list"),
    }),
  },
);
const calls = fc.record({
  args: fc.array(recipe, { maxLength: 4 }),
  self: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: recipe }),
});

/**
 * @param log what is asked of the argument
 * @param taste `files`: without numbers that are open descriptors; `words`: others than the usual ones
 */
function made(one, log, { files, words }) {
  const word = (words ?? WORDS)[(one.pick ?? 0) % (words ?? WORDS).length];
  const number = (files ? NUMBERS : SMALL)[(one.pick ?? 0) % (files ? NUMBERS : SMALL).length];
  switch (one.kind) {
    case "word":
      return word;
    case "number":
      return number;
    case "json":
      return typeof one.value === "string" || typeof one.value === "number" ? [one.value] : one.value;
    case "callback":
      return function callback(...args) {
        log.push(`called back with ${shown(args)}`);
      };
    case "options":
      return { [one.key]: word };
    case "asked":
      return {
        valueOf() {
          log.push("valueOf");
          return number;
        },
        toString() {
          log.push("toString");
          return word;
        },
      };
    case "proxy":
      return new Proxy(
        { length: 2, 0: 1 },
        {
          get(object, key) {
            log.push(`get ${String(key)}`);
            return object[key];
          },
          has(_object, key) {
            log.push(`has ${String(key)}`);
            return false;
          },
          getOwnPropertyDescriptor(object, key) {
            log.push(`descriptor ${String(key)}`);
            return Reflect.getOwnPropertyDescriptor(object, key);
          },
          ownKeys(object) {
            log.push("keys");
            return Reflect.ownKeys(object);
          },
        },
      );
    case "getter":
      return {
        get encoding() {
          log.push("encoding");
          return word;
        },
        get length() {
          log.push("length");
          return 1;
        },
        get transfer() {
          log.push("transfer");
          return [];
        },
      };
    case "throws":
      return {
        valueOf() {
          throw new RangeError("valueOf");
        },
        get encoding() {
          throw new RangeError("encoding");
        },
      };
    case "undefined":
      return undefined;
    case "null":
      return null;
    case "symbol":
      return Symbol.for("mine");
    case "bigint":
      return 3n;
    case "date":
      return new Date(0);
    case "map":
      return new Map([["a", new Set([1])]]);
    case "list":
      return [Buffer.from("one"), new Uint8Array(2)];
    default:
      return bytes(one);
  }
}

function bytes({ of, pick }) {
  const length = (pick % 40) * 2;
  const buffer = Buffer.alloc(length, "abc");
  switch (of) {
    case "Buffer":
      return buffer;
    case "Uint8Array":
      return new Uint8Array(buffer);
    case "Uint16Array":
      return new Uint16Array(length);
    case "DataView":
      return new DataView(new ArrayBuffer(length));
    case "SharedArrayBuffer":
      return new SharedArrayBuffer(length);
    case "resizable":
      return new ArrayBuffer(length, { maxByteLength: length + 8 });
    case "detached": {
      const gone = new ArrayBuffer(length);
      structuredClone(gone, { transfer: [gone] });
      return gone;
    }
    default:
      return new ArrayBuffer(length);
  }
}

module.exports = { calls, made };
