// Fidelity programs: the functions of the globals and of Node's modules, of their classes' statics and prototypes.
const { isBuiltin } = require("node:module");
const net = require("node:net");

const MODULES = [
  "buffer",
  "fs",
  "fs/promises",
  "crypto",
  "zlib",
  "dns",
  "dns/promises",
  "v8",
  "stream",
  "string_decoder",
  "timers",
  "util",
  "worker_threads",
  "net",
  "http",
  "https",
  "http2",
  "tls",
  "dgram",
  "child_process",
  "cluster",
  "events",
  "diagnostics_channel",
  "async_hooks",
  "perf_hooks",
  "readline",
  "inspector",
  "module",
  "process",
  "vm",
  "sqlite",
  "stream/web",
];

/** By path, each function once: with the object that holds it and its key. */
function reachable() {
  const found = new Map();
  const seen = new Set();
  const visit = (holder, path, depth) => {
    if (seen.has(holder) || depth > 4) return;
    seen.add(holder);
    for (const key of Reflect.ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (!("value" in descriptor) || key === "constructor") continue;
      const { value } = descriptor;
      if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
      const name = `${path}.${String(key)}`;
      if (typeof value === "function" && typeof key === "string" && !seen.has(value))
        found.set(name, { holder, key, value });
      if (typeof value === "function" || key === "prototype" || depth < 2) visit(value, name, depth + 1);
    }
  };
  for (const name of [
    "Buffer",
    "JSON",
    "Atomics",
    "Uint8Array",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "TextEncoder",
    "TextDecoder",
    "Blob",
    "WebAssembly",
    "SubtleCrypto",
  ])
    visit({ [name]: globalThis[name] }, "global", 1);
  visit(Object.getPrototypeOf(Uint8Array.prototype), "TypedArray.prototype", 2);
  for (const name of ["structuredClone", "atob", "btoa", "setImmediate"])
    found.set(`global.${name}`, { holder: globalThis, key: name, value: globalThis[name] });
  for (const name of MODULES) if (isBuiltin(`node:${name}`)) visit(require(`node:${name}`), name, 1);
  const holder = accepted();
  found.set("accepted.push", { holder, key: "push", value: holder.push });
  return found;
}

/** As servers have it. */
function accepted() {
  const socket = new net.Socket();
  socket.on("error", () => {});
  return Object.assign(socket, { server: net.createServer() });
}
module.exports = { accepted, reachable };
