// Fidelity: what patched functions ask of proxies, getters, valueOf and toString, and in which order.
const fs = require("node:fs");
const zlib = require("node:zlib");
const crypto = require("node:crypto");
const { Readable } = require("node:stream");
const { say, outcome } = require("./say.cjs");

function watched(target, seen, name = "") {
  return new Proxy(target, {
    get(object, key, receiver) {
      seen.push(`get ${name}${String(key)}`);
      const value = Reflect.get(object, key, typeof object === "function" ? object : receiver);
      return value;
    },
    has(object, key) {
      seen.push(`has ${name}${String(key)}`);
      return Reflect.has(object, key);
    },
    ownKeys(object) {
      seen.push("ownKeys");
      return Reflect.ownKeys(object);
    },
    getOwnPropertyDescriptor(object, key) {
      seen.push(`descriptor ${String(key)}`);
      return Reflect.getOwnPropertyDescriptor(object, key);
    },
    getPrototypeOf(object) {
      seen.push("prototype");
      return Reflect.getPrototypeOf(object);
    },
    apply(object, self, args) {
      seen.push("apply");
      return Reflect.apply(object, self, args);
    },
  });
}
const number = (value, seen) => ({
  valueOf() {
    seen.push("valueOf");
    return value;
  },
  toString() {
    seen.push("toString");
    return String(value);
  },
});

const calls = {
  "JSON.stringify": (seen) => JSON.stringify(watched({ a: 1, b: [2] }, seen)),
  "JSON.stringify with space": (seen) => JSON.stringify({ a: 1 }, watched(["a"], seen), number(2, seen)),
  "JSON.parse": (seen) => JSON.parse(number('{"a":1}', seen)),
  "JSON.parse with reviver": (seen) =>
    JSON.parse(
      '{"a":[1]}',
      watched((_key, value) => value, seen),
    ),
  structuredClone: (seen) =>
    structuredClone(
      {
        get a() {
          seen.push("a");
          return 1;
        },
      },
      watched({}, seen),
    ),
  "Buffer.from an object": (seen) => Buffer.from(watched({ length: 2, 0: 1, 1: 2 }, seen)),
  "Buffer.from valueOf": (seen) => Buffer.from(watched({ valueOf: () => "abc" }, seen)),
  "Buffer.from primitive": (seen) =>
    Buffer.from({
      [Symbol.toPrimitive](hint) {
        seen.push(hint);
        return "abc";
      },
    }),
  "Buffer.from numbers": (seen) => Buffer.from([number(1, seen), number(2, seen)]),
  "Buffer.from encoding": (seen) => Buffer.from("abc", number("hex", seen)),
  "Buffer.alloc": (seen) => Buffer.alloc(4, number(7, seen)),
  "Buffer.concat": (seen) => Buffer.concat(watched([Buffer.from("a"), new Uint8Array(1)], seen)),
  "Buffer.concat length": (seen) => Buffer.concat([Buffer.from("a")], number(1, seen)),
  copy: (seen) => Buffer.from("abc").copy(Buffer.alloc(3), number(1, seen), number(0, seen), number(2, seen)),
  write: (seen) => Buffer.alloc(4).write("abc", number(1, seen)),
  toString: (seen) => Buffer.from("abc").toString(number("hex", seen), number(0, seen), number(2, seen)),
  fill: (seen) => Buffer.alloc(4).fill(number(1, seen), number(0, seen)),
  "typed set": (seen) => {
    const array = new Uint8Array(4);
    array.set(watched({ length: 2, 0: 5, 1: number(6, seen) }, seen), number(1, seen));
    return array;
  },
  "typed slice": (seen) => new Uint8Array([1, 2, 3]).slice(number(1, seen), number(2, seen)),
  "typed map": (seen) =>
    new Uint8Array([1, 2]).map(
      watched((x) => x + 1, seen),
      watched({}, seen),
    ),
  "typed with": (seen) => new Uint8Array([1, 2]).with?.(number(0, seen), number(9, seen)),
  "buffer slice": (seen) => new ArrayBuffer(8).slice(number(2, seen), number(6, seen)),
  SharedArrayBuffer: (seen) => new SharedArrayBuffer(number(8, seen), watched({}, seen)).byteLength,
  "Atomics.wait": (seen) =>
    Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), number(0, seen), number(1, seen), number(0, seen)),
  "Atomics.notify": (seen) =>
    Atomics.notify(new Int32Array(new SharedArrayBuffer(8)), number(0, seen), number(1, seen)),
  "Atomics.waitAsync": (seen) =>
    Atomics.waitAsync?.(
      new Int32Array(new SharedArrayBuffer(8)),
      number(0, seen),
      number(1, seen),
      number(0, seen),
    ),
  encode: (seen) => new TextEncoder().encode(number("abc", seen)),
  encodeInto: (seen) => new TextEncoder().encodeInto("abc", watched(new Uint8Array(4), seen)),
  decode: (seen) => new TextDecoder().decode(new Uint8Array([97]), watched({}, seen)),
  atob: (seen) => atob(number("YQ==", seen)),
  btoa: (seen) => btoa(number("a", seen)),
  readFileSync: (seen) => typeof fs.readFileSync(__filename, watched({ encoding: "utf8" }, seen)),
  writeFileSync: (seen) =>
    fs.writeFileSync(`${process.env.SCRATCH}/x`, number("text", seen), watched({ flag: "w" }, seen)),
  existsSync: (seen) => fs.existsSync(watched({}, seen)),
  readSync: (seen) => {
    const file = fs.openSync(__filename);
    try {
      return fs.readSync(file, Buffer.alloc(4), watched({ length: 2 }, seen));
    } finally {
      fs.closeSync(file);
    }
  },
  createReadStream: (seen) =>
    fs.createReadStream(__filename, watched({ highWaterMark: 5 }, seen)).destroy().path === __filename,
  gzipSync: (seen) => zlib.gzipSync("x", watched({ level: 1 }, seen)).length,
  createGzip: (seen) => typeof zlib.createGzip(watched({ level: 1 }, seen)),
  hash: (seen) =>
    crypto.createHash("sha1", watched({}, seen)).update("x", number("utf8", seen)).digest("hex"),
  setImmediate: (seen) => typeof setImmediate(watched(() => {}, seen)),
  postMessage: (seen) => {
    const { port1 } = new MessageChannel();
    port1.postMessage(
      {
        get a() {
          seen.push("a");
          return 1;
        },
      },
      watched({}, seen),
    );
    port1.close();
  },
  "Readable.read": (seen) => {
    const stream = new Readable({ read() {} });
    stream.push("some text");
    return String(Readable.prototype.read.call(watched(stream, seen), 4));
  },
  "Readable.setEncoding": (seen) => {
    const stream = new Readable({ read() {} });
    Readable.prototype.setEncoding.call(watched(stream, seen), "utf8");
  },
  Blob: async (seen) => new Blob(watched(["a"], seen)).text(),
  Response: async (seen) => new Response(number("a", seen)).text(),
};
(async () => {
  for (const [name, call] of Object.entries(calls)) {
    const seen = [];
    let told;
    try {
      told = await call(seen);
    } catch (error) {
      told = `throws ${error.name}: ${error.message}`;
    }
    say(name, [told, seen]);
  }
  fs.readFile(__filename, watched({ encoding: "utf8" }, []), (error, text) =>
    say("readFile", [error, typeof text]),
  );
  const seen = [];
  fs.readFile(
    __filename,
    "utf8",
    watched(() => say("a proxy as callback", seen), seen),
  );
})();
