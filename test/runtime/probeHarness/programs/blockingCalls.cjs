// Synchronous calls that this program times itself: what it measures is the truth.
const { execSync, spawnSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const zlib = require("node:zlib");
const { DatabaseSync } = process.getBuiltinModule?.("node:sqlite") ?? {};

const harness = globalThis.harness;
const data = Buffer.alloc(1_000_000, "some text ");
const calls = {
  "child_process.execSync": () => execSync("sleep 0.03"),
  "child_process.spawnSync": () => spawnSync("sleep", ["0.03"]),
  "crypto.pbkdf2Sync": () => crypto.pbkdf2Sync("a", "b", 100_000, 32, "sha256"),
  "zlib.gzipSync": () => zlib.gzipSync(data),
  "fs.readFileSync": () => fs.readFileSync(process.execPath),
};
if (DatabaseSync !== undefined) {
  const database = new DatabaseSync(":memory:");
  calls["DatabaseSync.exec"] = () =>
    database.exec(
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<300000) SELECT sum(x) FROM c",
    );
}
// Once before: the first stacks are the dearest, and the truth has them in it.
for (const call of Object.values(calls)) call();
harness.cut();
// Five rounds each: one of them is not interrupted between its clock and ours.
const rounds = {};
for (const [name, call] of Object.entries(calls)) {
  rounds[name] = [];
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    call();
    const micros = (performance.now() - begun) * 1000;
    const own = harness.cut().exact.filter(({ callee }) => callee === name);
    rounds[name].push({ micros, count: own[0]?.count, amount: own[0]?.amount });
  }
}
let thrown = "";
try {
  execSync("sleep 0.03; exit 3", { stdio: "ignore" });
} catch (error) {
  thrown = `${error.constructor.name} ${error.status}`;
}
let missing = "";
try {
  fs.readFileSync("/does/not/exist");
} catch ({ code, syscall, path }) {
  missing = `${code} ${syscall} ${path}`;
}
// Calls other measured functions, whose time is its own.
fs.realpathSync(__filename);
const { exact, samples, faultTexts } = harness.cut();
harness.stop();
execSync("true");
console.log(
  JSON.stringify({
    rounds,
    exact,
    places: samples.map(({ callee, stack }) => [callee, stack[0]?.url ?? ""]),
    thrown,
    missing,
    shapes: [fs.readFileSync, fs.existsSync, execSync, zlib.gzipSync].map(({ name, length }) => [
      name,
      length,
    ]),
    native: typeof fs.realpathSync.native,
    after: harness.cut().exact,
    faults: faultTexts,
  }),
);
