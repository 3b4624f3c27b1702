// Which processes are left alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isServerCandidate } from "../../src/runtime/guards.ts";

const node = "/usr/bin/node";
const servers: [string[], string[]][] = [
  [[node, "/app/server.js"], []],
  [
    [node, "/app/src/index.ts"],
    ["--import", "tsx"],
  ],
  [[node, "/app/node_modules/.bin/next"], []],
  [[node, "/app/npm-stats/server.js"], []],
  [
    [node, "npm"],
    ["-e", "require('./server')"],
  ],
  [[node], []],
];
const others: [string[], string[]][] = [
  [[node, "/usr/lib/node_modules/npm/bin/npm-cli.js", "start"], []],
  [[node, "/app/.yarn/releases/yarn-4.0.0.cjs"], []],
  [[node, "/app/node_modules/.bin/nodemon"], []],
  [[node, "/app/node_modules/tsx/dist/cli.mjs", "server.ts"], []],
  [[node, "/app/node_modules/mocha/bin/_mocha"], []],
  [[node, "C:\\app\\node_modules\\typescript\\bin\\tsc".replaceAll("\\", "/")], []],
  [[node, "/app/server.js"], ["--watch"]],
  [[node], ["-p", "1"]],
  [[node, "/app/a.test.js"], ["--test"]],
];

describe("isServerCandidate", () => {
  for (const [argv, execArgv] of servers) {
    it(`takes ${[...execArgv, ...argv.slice(1)].join(" ") || "stdin"}`, () =>
      assert.equal(isServerCandidate(argv, execArgv), true));
  }
  for (const [argv, execArgv] of others) {
    it(`leaves ${[...execArgv, ...argv.slice(1)].join(" ")}`, () =>
      assert.equal(isServerCandidate(argv, execArgv), false));
  }
});
