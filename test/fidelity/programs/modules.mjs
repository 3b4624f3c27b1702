// Fidelity: ES modules: named imports of patched modules, dynamic imports, cycles of formats, `import.meta`, top-level await.

import { Buffer as NamedBuffer } from "node:buffer";
import { createHash, webcrypto } from "node:crypto";
import * as namespace from "node:fs";
import fs, { createReadStream, promises, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules, createRequire, register } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import zlib, { createGzip, gzipSync } from "node:zlib";
import say from "./say.cjs";

const require = createRequire(import.meta.url);
say.say("named", [
  readFileSync === fs.readFileSync,
  promises === fs.promises,
  readFile === fs.promises.readFile,
  NamedBuffer === Buffer,
  gzipSync === zlib.gzipSync,
  webcrypto === crypto,
  createReadStream === namespace.createReadStream,
  require("node:fs") === fs,
]);
say.say("namespace", Object.keys(namespace).sort().join(" "));
say.say("meta", [
  Object.keys(import.meta).sort(),
  import.meta.url.endsWith("modules.mjs"),
  typeof import.meta.resolve,
]);
say.say("works", [
  gzipSync("x").length,
  createHash("md5").update("x").digest("hex"),
  (await readFile(new URL(import.meta.url), "utf8")).length > 10,
  typeof createGzip,
  typeof register,
  builtinModules.length,
]);
say.say(
  "sync builtin exports",
  (() => {
    const { readFileSync: before } = fs;
    fs.readFileSync = () => "mine";
    require("node:module").syncBuiltinESMExports();
    const seen = readFileSync();
    fs.readFileSync = before;
    require("node:module").syncBuiltinESMExports();
    return [seen, readFileSync === before];
  })(),
);
await sleep(1);
say.say("dynamic", [
  Object.keys(await import("./say.cjs")).sort(),
  (await import("node:zlib")).default === zlib,
  await import("node:nope").catch((error) => error.code),
  await import("./no-such.mjs").catch((error) => error.code),
]);
say.say(
  "data url",
  (await import("data:text/javascript,export default 5; export const stack = new Error('here').stack")).stack,
);
say.say("stack of a module", new Error("here").stack);
say.say("this", typeof this);
