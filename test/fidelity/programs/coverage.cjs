// Fidelity: a program under NODE_V8_COVERAGE: which of its functions and blocks are covered, how often.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { say } = require("./say.cjs");

function twice(value) {
  return value > 0 ? JSON.parse(JSON.stringify({ value })) : Buffer.from("never");
}
if (process.argv[2] === "covered") {
  twice(1);
  twice(2);
  [1, 2, 3].forEach(function each() {});
} else {
  const folder = require("node:path").join(
    process.env.SCRATCH ?? require("node:os").tmpdir(),
    "darcy-coverage",
  );
  const { status } = spawnSync(process.execPath, [__filename, "covered"], {
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  });
  say("status", status);
  const files = fs.readdirSync(folder);
  say("files", files.length);
  const { result } = JSON.parse(fs.readFileSync(`${folder}/${files[0]}`, "utf8"));
  say(
    "scripts that are no files",
    result.some(({ url }) => !url.startsWith("file:") && !url.startsWith("node:")),
  );
  say(
    "scripts",
    result
      .map(({ url }) => url.split("/").at(-1))
      .filter((name) => name.endsWith(".cjs"))
      .sort(),
  );
  const own = result.find(({ url }) => url.endsWith("coverage.cjs"));
  say(
    "functions",
    own.functions.map(({ functionName, ranges, isBlockCoverage }) => [
      functionName,
      isBlockCoverage,
      ranges.map(({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}:${count}`),
    ]),
  );
}
