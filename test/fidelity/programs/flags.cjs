// Fidelity: a bit of everything, to be run under Node's own options.
const fs = require("node:fs");
const zlib = require("node:zlib");
const crypto = require("node:crypto");
const { say, outcome, thrown } = require("./say.cjs");

say(
  "JSON",
  outcome(() => JSON.parse(JSON.stringify({ a: [1, "ä"] }))),
);
say(
  "JSON fails",
  outcome(() => JSON.parse("{")),
);
say(
  "Buffer",
  outcome(() => [
    Buffer.concat([Buffer.from("a"), Buffer.alloc(2)]).toString("hex"),
    Buffer.from("x").fill(1).subarray(0, 1),
    Buffer.byteLength("ä"),
  ]),
);
say(
  "typed arrays",
  outcome(() => [
    new Uint8Array([3, 1, 2]).slice(1).map((x) => x + 1),
    new SharedArrayBuffer(8),
    new ArrayBuffer(8).slice(2),
  ]),
);
say(
  "clone",
  outcome(() => structuredClone({ a: new Map([[1, new Date(0)]]) })),
);
say(
  "hash",
  outcome(() => crypto.createHash("sha256").update("x").digest("hex")),
);
say(
  "zlib",
  outcome(() => String(zlib.gunzipSync(zlib.gzipSync("text")))),
);
say(
  "file",
  outcome(() => fs.readFileSync(__filename, "utf8").length > 100),
);
say(
  "write",
  outcome(() => fs.writeFileSync(`${process.env.SCRATCH}/file`, "text")),
);
say(
  "child",
  outcome(() => String(require("node:child_process").execFileSync("/bin/echo", ["out"]))),
);
say(
  "worker",
  outcome(
    () =>
      typeof new (require("node:worker_threads").Worker)("0", { eval: true }).on("error", (error) =>
        say("worker error", thrown(error)),
      ),
  ),
);
say(
  "proto",
  outcome(() => ({}).__proto__ === Object.prototype),
);
say(
  "eval",
  outcome(() => new Function("return 1")()),
);
say(
  "prototypes",
  outcome(() => {
    Array.prototype.mine = 1;
    const seen = [].mine;
    delete Array.prototype.mine;
    return seen;
  }),
);
say(
  "patching",
  outcome(() => {
    const { parse } = JSON;
    JSON.parse = () => "mine";
    const seen = JSON.parse("");
    JSON.parse = parse;
    return seen;
  }),
);
say(
  "binding",
  outcome(() => typeof process.binding("fs").open),
);
say(
  "emitted",
  outcome(() => process.emitWarning("mine", "DeprecationWarning", "DEP_MINE")),
);
say("stack", new Error("here").stack.split("\n").length);
fs.readFile(__filename, "utf8", (error, text) => say("read", error === null ? typeof text : thrown(error)));
fs.promises.stat("/").then(
  (stat) => say("stat", stat.isDirectory()),
  (error) => say("stat", thrown(error)),
);
process.on("exit", (code) => say("exit code", code));
if (process.env.REJECTS) Promise.reject(new Error("nobody"));
