// Which processes are left alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isServerCandidate } from "../../src/runtime/guards.ts";
import { isDevelopmentServer } from "../../src/runtime/symmetric/developmentServer.ts";

const node = "/usr/bin/node";
const servers: [string[], string[]][] = [
  [[node, "/app/server.js"], []],
  [
    [node, "/app/src/index.ts"],
    ["--import", "tsx"],
  ],
  [[node, "/app/node_modules/.bin/next", "start", "-p", "80"], []],
  [[node, "/app/node_modules/next/dist/bin/next", "start"], []],
  [[node, "/app/node_modules/next/dist/server/lib/start-server.js"], []],
  [[node, "/app/node_modules/pm2/lib/ProcessContainerFork.js"], []],
  [
    [node, "/app/node_modules/ts-node-dev/lib/wrap.js", "server.ts"],
    ["-r", "/tmp/ts-node-dev-hook.js"],
  ],
  [[node, "/app/server/vite.js"], []],
  [[node, "/app/nest.js"], []],
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
  [[node, "/app/node_modules/.bin/next", "dev"], []],
  [[node, "/app/node_modules/.bin/next"], []],
  [[node, "/app/node_modules/next/dist/bin/next", "build"], []],
  [[node, "/app/node_modules/next/dist/compiled/jest-worker/processChild.js"], []],
  [[node, "/app/node_modules/.bin/nest", "start", "--watch"], []],
  [[node, "/app/node_modules/@nestjs/cli/bin/nest.js", "start"], []],
  [[node, "/app/node_modules/.bin/turbo", "run", "dev"], []],
  [[node, "/app/node_modules/.bin/cross-env", "A=1", "node", "server.js"], []],
  [[node, "/app/node_modules/pm2/lib/Daemon.js"], []],
  [[node, "/app/node_modules/ts-node-dev/lib/bin.js", "--respawn", "server.ts"], []],
  [[node, "/app/node_modules/.bin/tsnd", "server.ts"], []],
  [[node, "/app/node_modules/.bin/pm2-runtime", "server.js"], []],
  [[node, "/usr/local/bin/pm2-runtime", "server.js"], []],
  [[node, "/app/node_modules/vite/bin/vite.js"], []],
  [[node, "C:\\app\\node_modules\\typescript\\bin\\tsc".replaceAll("\\", "/")], []],
  [[node, "/app/server.js"], ["--watch"]],
  [[node], ["-p", "1"]],
  [[node, "/app/a.test.js"], ["--test"]],
  [[node, "/app/node_modules/tinypool/dist/entry/process.js"], []],
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

describe("isDevelopmentServer", () => {
  const next = "/app/node_modules/next/dist";
  it("knows a framework's own program by its word", () => {
    for (const words of [
      [`${next}/server/lib/start-server.js`],
      ["/app/node_modules/.bin/nuxt", "dev"],
      ["/app/node_modules/astro/astro.js", "--verbose", "dev"],
      ["/app/node_modules/.bin/gatsby", "develop"],
      ["/app/node_modules/react-scripts/scripts/start.js"],
      ["/app/node_modules/@nuxt/cli/dist/dev/index.mjs", "--port", "3000"],
      ["/app/node_modules/.bin/ng", "serve", "--port", "4200"],
      ["/app/node_modules/.pnpm/@angular+cli@20/node_modules/@angular/cli/bin/ng.js", "serve"],
      ["/app/node_modules/@vue/cli-service/bin/vue-cli-service.js", "serve"],
      ["/app/node_modules/@docusaurus/core/bin/docusaurus.mjs", "start"],
      ["/app/node_modules/expo/bin/cli", "start"],
    ])
      assert.equal(isDevelopmentServer([node, ...words]), true, words.join(" "));
  });
  it("takes no server of the user's for one", () => {
    for (const words of [
      ["/app/server.js", "dev"],
      [`${next}/bin/next`, "start"],
      ["/app/node_modules/.bin/fastify", "start", "dev.js"],
      ["/app/node_modules/.bin/strapi", "start"],
      ["/app/node_modules/@docusaurus/core/bin/docusaurus.mjs", "serve"],
      ["/app/scripts/start.js"],
      [],
    ])
      assert.equal(isDevelopmentServer([node, ...words]), false, words.join(" "));
  });
});
