// Fidelity: calls the functions that its input names with arguments made by fast-check from a seed, and tells what each
// gives or throws and what it asks of its arguments, in order.
const fs = require("node:fs");
const crypto = require("node:crypto");
const { StringDecoder } = require("node:string_decoder");
const { Readable } = require("node:stream");
const fc = require("fast-check");
const { reachable } = require("./reachable.cjs");
const { thrown } = require("./say.cjs");

/** What they give is different each time. */
const RANDOM = /unsafe|random|generate|prime|stat|mkdtemp|\.open(?:Sync)?$|createHash|Key/i;
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
const SMALL = [0, 1, 2, 3, 8, 2 ** 31, ...NUMBERS];

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
  self: fc.option(recipe, { nil: null, freq: 3 }),
});

function made(one, log, files) {
  const word = WORDS[(one.pick ?? 0) % WORDS.length];
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

/** For a wait a cell that can be waited on in place of other bytes, and a millisecond at most. */
function bounded(path, given) {
  if (!path.startsWith("Atomics.wait")) return given;
  const [cells, index, value, millis] = given;
  const shared = ArrayBuffer.isView(cells) || cells instanceof SharedArrayBuffer;
  return [
    shared ? new Int32Array(new SharedArrayBuffer(64)) : cells,
    index,
    value,
    typeof millis === "number" && millis <= 1 ? millis : 1,
  ];
}

function selfOf(path, { holder }) {
  if (/Buffer\.prototype|TypedArray\.prototype|Uint8Array\.prototype/.test(path))
    return Buffer.from("some text, äöü");
  if (path.includes("ArrayBuffer.prototype"))
    return path.includes("Shared") ? new SharedArrayBuffer(16) : new ArrayBuffer(16);
  if (path.includes("TextEncoder.prototype")) return new TextEncoder();
  if (path.includes("TextDecoder.prototype")) return new TextDecoder();
  if (path.includes("StringDecoder.prototype")) return new StringDecoder("utf8");
  if (path.includes("Blob.prototype")) return new Blob(["text"]);
  if (path.includes("Hash.prototype")) return crypto.createHash("sha1");
  if (path.includes("Readable.prototype")) return Readable.from(["a"]);
  return holder;
}

/** Without the names that are known to be others: of a callback, and of V8's SharedArrayBuffer. */
function saidOf(error) {
  return thrown(error)
    .replaceAll(/Received function \S*/g, "Received a function")
    .replaceAll(/#<SharedArrayBuffer>|\[object SharedArrayBuffer\]/g, "a shared buffer");
}

function shown(value, depth = 0) {
  if (value instanceof Error) return saidOf(value);
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value))
    return depth > 2 ? "[…]" : `[${value.map((one) => shown(one, depth + 1)).join(", ")}]`;
  const own =
    value.constructor === Object && depth < 3
      ? ` {${Object.entries(value)
          .map(([key, one]) => `${key}: ${shown(one, depth + 1)}`)
          .join(", ")}}`
      : "";
  return `${value.constructor?.name} ${value.byteLength ?? ""}${own}`;
}

async function run() {
  const { seed, numRuns, paths } = JSON.parse(fs.readFileSync(0, "utf8"));
  const functions = reachable();
  const samples = fc.sample(calls, { seed, numRuns });
  fs.mkdirSync(process.env.SCRATCH, { recursive: true });
  process.chdir(process.env.SCRATCH);
  process.on("uncaughtException", () => {});
  process.on("unhandledRejection", () => {});
  process.removeAllListeners("warning");
  for (const path of paths) {
    const found = functions.get(path);
    if (found === undefined) continue;
    fs.writeFileSync("a", "some text");
    fs.mkdirSync("folder", { recursive: true });
    const files = path.startsWith("fs");
    const job = /^(?:fs|crypto|zlib)\.\w+$/.test(path) && !path.endsWith("Sync");
    const lines = [];
    for (const { args, self } of samples) {
      const log = [];
      const given = bounded(
        path.replace("global.", ""),
        args.map((one) => made(one, log, files)),
      );
      let told;
      try {
        const result = Reflect.apply(
          found.holder[found.key],
          self === null ? selfOf(path, found) : made(self, log, files),
          given,
        );
        result?.on?.("error", () => {});
        told =
          typeof result?.then === "function"
            ? `promise of ${await result.then((value) => (RANDOM.test(path) ? typeof value : shown(value)), saidOf)}`
            : RANDOM.test(path)
              ? typeof result
              : shown(result);
        result?.destroy?.();
        if (/Immediate|Timeout|Interval/.test(path))
          [clearImmediate, clearTimeout].map((clear) => clear(result));
      } catch (error) {
        told = saidOf(error);
      }
      // Callbacks of jobs come when they come: other programs wait for theirs.
      lines.push(
        `${told} (${RANDOM.test(path) ? "" : log.filter((line) => !job || !line.startsWith("called back")).join(", ")})`,
      );
    }
    // What jobs do to files is done before the next function is called.
    while (process.getActiveResourcesInfo().some((kind) => /^FSReq/.test(kind)))
      await new Promise((resolve) => setImmediate(resolve));
    process.stdout.write(`${path}: ${lines.join(" | ").replaceAll(/\s*\n\s*/g, " ")}\n`);
  }
  process.exit(0);
}
run();
