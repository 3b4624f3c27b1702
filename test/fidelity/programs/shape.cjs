// Fidelity: every object that can be reached from the globals and Node's modules: keys in their order, descriptors,
// names, lengths, prototypes, which are the same. (Not values: they differ from run to run.)
const { builtinModules, createRequire } = require("node:module");
const { inspect } = require("node:util");
const { say } = require("./say.cjs");

const MOST = 60_000;
const found = new Map();
const queue = [];
const skipped = new Set([module, require.cache, process.env, say]);
const load = createRequire(__filename);

function place(value, path) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return typeof value;
  if (skipped.has(value)) return "skipped";
  const known = found.get(value);
  if (known !== undefined) return known;
  if (found.size >= MOST) return "too many";
  found.set(value, path);
  queue.push(value);
  return path;
}

function drain() {
  while (queue.length > 0) describe(queue.shift());
}

function describe(object) {
  const path = found.get(object);
  const isFunction = typeof object === "function";
  say(`${path} proto`, place(Object.getPrototypeOf(object), `${path}.[proto]`));
  say(`${path} state`, [Object.isExtensible(object), isFunction && isConstructor(object)]);
  if (isFunction) say(`${path} inspect`, inspect(object, { depth: 0 }));
  const keys = Reflect.ownKeys(object).filter((key) => typeof key === "symbol" || !/^\d+$/.test(key));
  say(`${path} keys`, keys.map(String).join(" "));
  if (Array.isArray(object) || ArrayBuffer.isView(object)) return;
  for (const key of keys) {
    const name = `${path}.${String(key)}`;
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    const flags = `${descriptor.configurable ? "c" : ""}${descriptor.enumerable ? "e" : ""}${descriptor.writable ? "w" : ""}`;
    if ("value" in descriptor) {
      const { value } = descriptor;
      const told = isFunction && (key === "name" || key === "length") ? value : place(value, name);
      say(name, `${flags} ${String(told)}`);
    } else {
      say(
        name,
        `${flags} get ${place(descriptor.get, `get ${name}`)} set ${place(descriptor.set, `set ${name}`)}`,
      );
    }
  }
}

function isConstructor(value) {
  try {
    Reflect.construct(Object, [], value);
    return true;
  } catch {
    return false;
  }
}

process.removeAllListeners("warning");
place(globalThis, "globalThis");
drain();
for (const name of builtinModules.filter((each) => !each.startsWith("_") && each !== "sys")) {
  try {
    place(load(name.includes(":") ? name : `node:${name}`), `[${name}]`);
  } catch (error) {
    say(`[${name}] load`, error.code);
  }
  drain();
}
for (const name of Reflect.ownKeys(globalThis)) {
  if (typeof name !== "string" || ["localStorage", "sessionStorage"].includes(name)) continue;
  place(globalThis[name], `global ${name}`);
  drain();
}
void instances();

/** What no module exports. */
async function instances() {
  const fs = require("node:fs");
  const zlib = require("node:zlib");
  const crypto = require("node:crypto");
  const handle = await fs.promises.open(__filename, "r");
  const made = {
    fileHandle: handle,
    gzip: zlib.createGzip(),
    brotli: zlib.createBrotliCompress(),
    hash: crypto.createHash("sha256"),
    cipher: crypto.createCipheriv("aes-128-cbc", Buffer.alloc(16), Buffer.alloc(16)),
    readStream: fs.createReadStream(__filename),
    socket: new (require("node:net").Socket)(),
    server: require("node:http").createServer(),
    agent: require("node:http").globalAgent,
    channel: new MessageChannel(),
    iterator: [][Symbol.iterator](),
    stringIterator: ""[Symbol.iterator](),
    generator: (function* generated() {})(),
    asyncGenerator: (async function* generated() {})(),
    asyncFunction: async () => {},
    timer: setTimeout(() => {}, 0),
    locks: globalThis.navigator?.locks,
    subtle: crypto.webcrypto.subtle,
    blob: new Blob(["x"]),
    response: new Response("x"),
    encoder: new TextEncoder(),
    arguments: (function make() {
      return arguments;
    })(),
  };
  // The order in which others have looked at them must not name their prototypes.
  for (const [name, value] of Object.entries(made)) {
    place(value, `made ${name}`);
    drain();
  }
  await handle.close();
}
