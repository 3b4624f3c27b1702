// Fidelity: what patched functions throw, give as an error and reject with: class, name, code, message, own keys.
const fs = require("node:fs");
const zlib = require("node:zlib");
const crypto = require("node:crypto");
const dns = require("node:dns");
const net = require("node:net");
const { Readable } = require("node:stream");
const http = require("node:http");
const v8 = require("node:v8");
const { execFileSync, execSync, spawnSync } = require("node:child_process");
const { say, outcome, thrown } = require("./say.cjs");

const detached = new ArrayBuffer(16);
structuredClone(detached, { transfer: [detached] });

const calls = {
  "JSON.parse": () => JSON.parse("{oops"),
  "JSON.parse of nothing": () => JSON.parse(),
  "JSON.stringify of a circle": () => {
    const circle = { name: "x" };
    circle.circle = { back: circle };
    return JSON.stringify(circle);
  },
  "JSON.stringify of a BigInt": () => JSON.stringify({ big: 1n }),
  "JSON.stringify of what throws": () =>
    JSON.stringify({
      toJSON() {
        throw new RangeError("mine");
      },
    }),
  "structuredClone of a function": () => structuredClone(() => {}),
  "structuredClone of nothing": () => structuredClone(),
  "structuredClone of what is detached": () => structuredClone(detached, { transfer: [detached] }),
  "Buffer.from of nothing": () => Buffer.from(),
  "Buffer.from of a number": () => Buffer.from(5),
  "Buffer.from with a bad encoding": () => Buffer.from("a", "nope"),
  "Buffer.from of what is detached": () => Buffer.from(detached, 4),
  "Buffer.alloc of -1": () => Buffer.alloc(-1),
  "Buffer.alloc of text": () => Buffer.alloc("5"),
  "Buffer.allocUnsafe of NaN": () => Buffer.allocUnsafe(Number.NaN),
  "Buffer.concat of text": () => Buffer.concat("abc"),
  "Buffer.concat of numbers": () => Buffer.concat([1]),
  "Buffer.concat with a bad length": () => Buffer.concat([], -1),
  "toString with a bad encoding": () => Buffer.alloc(3).toString("nope"),
  "toString of no Buffer": () => Buffer.prototype.toString.call({}),
  "utf8Write out of range": () => Buffer.alloc(3).utf8Write("abc", 10),
  "write out of range": () => Buffer.alloc(3).write("abc", 10),
  "copy to nothing": () => Buffer.alloc(3).copy(),
  "copy out of range": () => Buffer.alloc(3).copy(Buffer.alloc(3), 0, 7),
  "fill with a bad encoding": () => Buffer.alloc(3).fill("a", "nope"),
  "typed set out of range": () => new Uint8Array(2).set([1, 2, 3]),
  "typed slice of no array": () => Uint8Array.prototype.slice.call([]),
  "typed map of no function": () => new Uint8Array(2).map(5),
  "ArrayBuffer slice of what is detached": () => detached.slice(0),
  "SharedArrayBuffer without new": () => SharedArrayBuffer(5),
  "SharedArrayBuffer of -1": () => new SharedArrayBuffer(-1),
  "Memory without new": () => WebAssembly.Memory({ initial: 1 }),
  "Memory of nothing": () => new WebAssembly.Memory(),
  "Memory grow": () => new WebAssembly.Memory({ initial: 1, maximum: 1 }).grow(1),
  "Atomics.wait of a plain array": () => Atomics.wait(new Int32Array(2), 0, 0),
  "Atomics.notify out of range": () => Atomics.notify(new Int32Array(2), 5),
  "TextDecoder fatal": () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])),
  "TextEncoder of no encoder": () => TextEncoder.prototype.encode.call({}, "x"),
  atob: () => atob("*"),
  btoa: () => btoa("€"),
  "fs.readFileSync": () => fs.readFileSync("/no/such/file"),
  "fs.readFileSync of a number": () => fs.readFileSync({}),
  "a callback in the wrong place": () => fs.read(function mine() {}),
  "slice of a shared buffer": () => ArrayBuffer.prototype.slice.call(new SharedArrayBuffer(1)),
  "fs.readFile without callback": () => fs.readFile("/x"),
  "fs.writeFileSync": () => fs.writeFileSync("/no/such/folder/file", "x"),
  "fs.statSync": () => fs.statSync("/no/such/file"),
  "fs.openSync flags": () => fs.openSync("/x", "nope"),
  "fs.readSync": () => fs.readSync(999, Buffer.alloc(1)),
  "fs.writeSync": () => fs.writeSync(999, "x"),
  "fs.closeSync": () => fs.closeSync("x"),
  "fs.mkdirSync": () => fs.mkdirSync("/"),
  "fs.readdirSync": () => fs.readdirSync("/no"),
  "fs.stat without callback": () => fs.stat("/"),
  "fs.write of an object": () => fs.write(1, {}, () => {}),
  "crypto.createHash": () => crypto.createHash("nope"),
  "hash update twice": () => {
    const hash = crypto.createHash("sha1");
    hash.digest();
    hash.update("x");
  },
  "hash update of a number": () => crypto.createHash("sha1").update(5),
  "crypto.pbkdf2Sync": () => crypto.pbkdf2Sync("a", "b", -1, 5, "sha1"),
  "crypto.pbkdf2 without callback": () => crypto.pbkdf2("a", "b", 1, 5, "sha1"),
  "crypto.randomBytes": () => crypto.randomBytes(-1),
  "crypto.scryptSync": () => crypto.scryptSync("a", "b", 64, { N: 3 }),
  "crypto.sign": () => crypto.sign("sha1", "a", "b"),
  decipher: () => {
    const decipher = crypto.createDecipheriv("aes-128-cbc", Buffer.alloc(16), Buffer.alloc(16));
    decipher.update("00", "hex");
    decipher.final();
  },
  "zlib.gunzipSync": () => zlib.gunzipSync("not zipped"),
  "zlib.gzipSync of nothing": () => zlib.gzipSync(),
  "zlib.gzip without callback": () => zlib.gzip("x"),
  "zlib.createGzip": () => zlib.createGzip({ level: 99 }),
  "v8.deserialize": () => v8.deserialize(Buffer.from("x")),
  "v8.serialize": () => v8.serialize(() => {}),
  "dns.lookup": () => dns.lookup(5, () => {}),
  "dns.lookup without callback": () => dns.lookup("localhost"),
  "net.connect": () => net.connect({ port: 99999 }),
  "server.listen": () => net.createServer().listen(99999),
  "http.request": () => http.request("nope"),
  setImmediate: () => setImmediate("x"),
  setInterval: () => setInterval("x"),
  setTimeout: () => setTimeout(),
  postMessage: () => new MessageChannel().port1.postMessage(() => {}),
  "postMessage of nothing": () => new MessageChannel().port1.postMessage(),
  execSync: () => execSync("exit 3", { stdio: "ignore" }),
  execFileSync: () => execFileSync("/no/such/program"),
  spawnSync: () => spawnSync("/no/such/program").error.code,
  "stream write after end": () => {
    const stream = new net.Socket();
    stream.on("error", (error) => say("socket write error", thrown(error)));
    stream.end();
    return stream.write("x");
  },
  "connect of what is no socket, and of many that are": () => {
    const said = [null, undefined, 5].map((self) =>
      outcome(() => net.Socket.prototype.connect.call(self, { port: 1 })),
    );
    for (let n = 0; n < 200; n++) said.push(outcome(() => new net.Socket().connect()));
    return [...new Set(said)];
  },
  "write of what is no message": () =>
    ["_writeRaw", "_flushOutput"].flatMap((name) =>
      [null, 5, {}, { destroyed: true }, { outputData: 5 }, { outputData: [null] }].map((self) =>
        outcome(() => http.OutgoingMessage.prototype[name].call(self, new net.Socket())),
      ),
    ),
  "read of what is no stream": () =>
    [null, undefined, 5, {}, { _readableState: null }, { _readableState: { length: 1 } }].map((self) =>
      outcome(() => Readable.prototype.read.call(self, 1)),
    ),
  "socket write of a number": () => new net.Socket().write(5),
  getBuiltinModule: () => process.getBuiltinModule?.("nope"),
  "getBuiltinModule of a number": () => process.getBuiltinModule(5),
  require: () => require("./no-such-file"),
  overflow: () => {
    let depth = 0;
    const nest = (value) => (++depth > 1e6 ? value : nest([value]));
    return nest([]);
  },
  "deep JSON": () => {
    const text = "[".repeat(200_000) + "]".repeat(200_000);
    return typeof JSON.stringify(JSON.parse(text));
  },
};
for (const [name, call] of Object.entries(calls)) {
  say(name, outcome(call));
  try {
    call();
  } catch (error) {
    if (typeof error === "object") say(`${name} keys`, Reflect.ownKeys(error).map(String).sort().join(" "));
  }
}

async function rejections() {
  const promised = {
    "promises.readFile": () => fs.promises.readFile("/no/such/file"),
    "promises.stat": () => fs.promises.stat(5),
    "promises.open": () => fs.promises.open("/no/such/file"),
    "subtle.digest": () => crypto.subtle.digest("nope", new Uint8Array(1)),
    "subtle.digest of no buffer": () => crypto.subtle.digest("SHA-1", 5),
    "Response.json": () => new Response("x").json(),
    "Response twice": async () => {
      const response = new Response("x");
      await response.text();
      return response.text();
    },
    "Response.text of another": () => Response.prototype.text.call({}),
    "Blob.text of another": () => Blob.prototype.text.call({}),
    locks: () => navigator.locks.request("x"),
    "locks of a symbol": () => navigator.locks.request(Symbol("x"), () => {}),
    "lock that throws": () =>
      navigator.locks.request("x", () => {
        throw new TypeError("in the lock");
      }),
  };
  for (const [name, call] of Object.entries(promised)) {
    let value;
    try {
      value = call();
    } catch (error) {
      say(name, `synchronously ${thrown(error)}`);
      continue;
    }
    say(name, await value.then((result) => result, thrown));
  }
  const answers = {
    readFile: (done) => fs.readFile("/no/such/file", done),
    "readFile encoding": (done) => fs.readFile(__filename, { encoding: "nope" }, done),
    "readFile folder": (done) => fs.readFile("/", "utf8", done),
    gunzip: (done) => zlib.gunzip("nope", done),
    pbkdf2: (done) => crypto.pbkdf2("a", "b", 1, 8, "sha1", done),
    scrypt: (done) => crypto.scrypt("a", "b", 8, done),
    read: (done) => fs.read(999, done),
    write: (done) => fs.write(999, "x", done),
    exists: (done) => fs.exists("/", done),
    lookup: (done) => dns.lookup("127.0.0.1", done),
  };
  for (const [name, call] of Object.entries(answers)) {
    await new Promise((resolve) => {
      try {
        call(function done(...args) {
          say(`${name} calls back`, [
            typeof this,
            args.length,
            ...args.map((arg) => (arg instanceof Error ? thrown(arg) : arg)),
          ]);
          resolve();
        });
      } catch (error) {
        say(`${name} calls back`, `synchronously ${thrown(error)}`);
        resolve();
      }
    });
  }
}
rejections().then(() => process.exit(0));
