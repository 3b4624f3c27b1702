// Fidelity: instanceof, subclasses, species, brands and what `util.inspect` shows of what patched functions make.
const util = require("node:util");
const fs = require("node:fs");
const { Readable, Writable, Duplex, Transform } = require("node:stream");
const { StringDecoder } = require("node:string_decoder");
const http = require("node:http");
const zlib = require("node:zlib");
const { EventEmitter } = require("node:events");
const { say, outcome } = require("./say.cjs");

class MyShared extends SharedArrayBuffer {
  constructor(length, name) {
    super(length);
    this.name = name;
  }
}
class MyBuffer extends Uint8Array {
  static get [Symbol.species]() {
    return MyBuffer;
  }
}
const shared = new MyShared(16, "mine");
say("subclass of SharedArrayBuffer", [
  shared,
  shared instanceof MyShared,
  shared instanceof SharedArrayBuffer,
  shared.constructor.name,
  shared.slice(4).constructor.name,
  Object.prototype.toString.call(shared),
]);
say("statics", [
  MyShared.__proto__ === SharedArrayBuffer,
  SharedArrayBuffer.prototype.constructor === SharedArrayBuffer,
  SharedArrayBuffer[Symbol.species] === SharedArrayBuffer,
  SharedArrayBuffer.name,
  SharedArrayBuffer.length,
]);
say("Reflect.construct", Reflect.construct(SharedArrayBuffer, [8], Array) instanceof Array);
say(
  "new.target without prototype",
  outcome(
    () =>
      Reflect.construct(SharedArrayBuffer, [8], new Proxy(() => {}, { get: () => undefined })).constructor
        .name,
  ),
);
say(
  "growable",
  outcome(() => {
    const growable = new SharedArrayBuffer(8, { maxByteLength: 64 });
    growable.grow(32);
    return [growable, growable.growable, growable.byteLength];
  }),
);
const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
say("memory", [
  memory,
  memory instanceof WebAssembly.Memory,
  memory.buffer instanceof SharedArrayBuffer,
  memory.grow(1),
  memory.buffer.byteLength,
  Object.prototype.toString.call(memory),
]);
say(
  "memory with odd descriptors",
  outcome(() => {
    const seen = [];
    const descriptor = new Proxy(
      {},
      {
        get(_target, key) {
          seen.push(String(key));
          return key === "initial"
            ? {
                valueOf() {
                  seen.push("valueOf");
                  return 1;
                },
              }
            : undefined;
        },
      },
    );
    return [new WebAssembly.Memory(descriptor).buffer.byteLength, seen];
  }),
);
const mine = new MyBuffer([1, 2, 3]);
say("subclass of Uint8Array", [
  mine.map((x) => x * 2),
  mine.slice(1),
  mine.filter((x) => x > 1),
  mine.subarray(1),
  outcome(() => mine.toReversed()),
  outcome(() => mine.with(0, 9)),
  outcome(() => mine.toSorted()),
]);
say("Buffer methods", [
  Buffer.from("abc").slice(1),
  Buffer.from("abc").map((x) => x + 1),
  Buffer.from([1, 2, 3]).filter((x) => x > 1).constructor.name,
  Buffer.from(Buffer.from("x")).buffer === Buffer.from("x").buffer,
]);
say(
  "species throws",
  outcome(() => {
    const odd = new Uint8Array(4);
    odd.constructor = {
      get [Symbol.species]() {
        throw new RangeError("species");
      },
    };
    return odd.slice();
  }),
);
say(
  "species elsewhere",
  outcome(() => {
    const odd = new Uint8Array(4);
    odd.constructor = { [Symbol.species]: Uint16Array };
    return odd.map((x) => x);
  }),
);
say(
  "slice of a resizable",
  outcome(() => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
    const view = new Uint8Array(buffer);
    buffer.resize(4);
    return [view.length, view.slice(), buffer.slice(2), buffer];
  }),
);
say(
  "slice of a detached",
  outcome(() => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    return [view.length, buffer.byteLength, outcome(() => view.slice())];
  }),
);
say(
  "detached in valueOf",
  outcome(() => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer).fill(7);
    return view.slice({
      valueOf() {
        structuredClone(buffer, { transfer: [buffer] });
        return 0;
      },
    });
  }),
);
say(
  "Buffer.from of a shared",
  outcome(() => [
    Buffer.from(new SharedArrayBuffer(4)),
    Buffer.from(shared, 4, 4),
    Buffer.concat([new Uint8Array(new SharedArrayBuffer(2))]),
  ]),
);
say(
  "toString on a shared",
  outcome(() => {
    const buffer = Buffer.from(new SharedArrayBuffer(4));
    buffer.write("abcd");
    return [buffer.toString(), buffer.toString("hex")];
  }),
);

class MyDuplex extends Duplex {
  _read() {}
  _write(_chunk, _encoding, done) {
    done();
  }
  write(...args) {
    say("my write", args);
    return super.write(...args);
  }
}
const duplex = new MyDuplex();
say("duplex", [
  duplex.write("x"),
  duplex instanceof Writable,
  duplex instanceof Readable,
  util.inspect(duplex, { depth: 0 }),
  duplex.end("last") === duplex,
]);
say(
  "old style",
  outcome(() => {
    function Old() {
      Readable.call(this);
    }
    util.inherits(Old, Readable);
    Old.prototype._read = function () {
      this.push(null);
    };
    const old = new Old();
    old.resume();
    return [old instanceof Readable, old.read(), Object.keys(old)];
  }),
);
say("decoder", [
  new StringDecoder("utf8"),
  outcome(() => StringDecoder.call({}, "utf8")),
  outcome(() => StringDecoder.prototype.write.call({}, Buffer.alloc(1))),
]);
class MyDecoder extends StringDecoder {
  write(chunk) {
    return `<${super.write(chunk)}>`;
  }
}
say("own decoder", [
  new MyDecoder("utf8").write(Buffer.from([0xe2, 0x82])),
  new MyDecoder("utf8").end(Buffer.from("€")),
]);
class MyAgent extends http.Agent {
  addRequest(...args) {
    say("my addRequest", args.length);
    return super.addRequest(...args);
  }
}
say("agent", [new MyAgent({ keepAlive: true }) instanceof http.Agent, Object.keys(new MyAgent()).sort()]);
say("zlib", [
  zlib.createGzip() instanceof Transform,
  Object.keys(zlib.createGzip()).sort(),
  zlib.gzipSync("x").length,
  util.inspect(zlib.createDeflate(), { depth: 0 }).slice(0, 40),
]);
say("file streams", [
  fs.createReadStream(__filename) instanceof fs.ReadStream,
  fs.ReadStream(__filename) instanceof fs.ReadStream,
  Object.keys(fs.createReadStream(__filename)).sort(),
  "push" in fs.ReadStream.prototype,
  fs.ReadStream.prototype instanceof Readable,
]);
class MyReadStream extends fs.ReadStream {
  push(chunk, encoding) {
    if (chunk === null) say("my push", "null");
    return super.push(chunk, encoding);
  }
}
new MyReadStream(__filename).resume();
say("emitter", [util.inspect(new EventEmitter(), { depth: 0 }), process instanceof EventEmitter]);
say("promisified", [
  util.promisify(fs.readFile).name,
  util.promisify(fs.exists).name,
  util.promisify(setTimeout).name,
  util.promisify(fs.read).length,
  util.promisify(setImmediate) === require("node:timers/promises").setImmediate,
  util.promisify(require("node:dns").lookup).name,
  util.promisify(fs.promises.opendir) === fs.promises.opendir,
]);
say("aliases", [
  Buffer.prototype.toLocaleString === Buffer.prototype.toString,
  fs.promises === require("node:fs/promises"),
  require("fs") === fs,
  require("buffer").Buffer === Buffer,
  require("timers").setImmediate === setImmediate,
  require("util").TextEncoder === TextEncoder,
  require("crypto").webcrypto === crypto,
  process.getBuiltinModule?.("fs") === fs,
  require("buffer").atob === atob,
  require("worker_threads").MessagePort === MessagePort,
  require("stream").Duplex.prototype.write === require("stream").Writable.prototype.write,
]);
say("types", [
  util.types.isAsyncFunction(fs.promises.readFile),
  util.types.isAsyncFunction(globalThis.navigator?.locks?.request),
  util.types.isProxy(Buffer.from),
]);
say(
  "new of a patched function",
  outcome(() => typeof new fs.existsSync("/")),
);
say(
  "class of a patched function",
  outcome(() => new (class extends fs.existsSync {})("/") instanceof fs.existsSync),
);
say("constructor of its prototype", fs.readFile.prototype?.constructor === fs.readFile);
say("bound", [
  Buffer.from.bind(Buffer, "a").name,
  Buffer.from.bind(Buffer, "a").length,
  JSON.parse.bind(null).name,
]);
say("sources", [String(JSON.parse), String(fs.readFileSync).slice(0, 30)]);
say(
  "toString of a class",
  outcome(() => String(SharedArrayBuffer)),
);
