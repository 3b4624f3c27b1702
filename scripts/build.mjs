// Builds everything that ships, flat: one call of esbuild for each place the code runs in.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const node = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: false,
  minify: true,
  keepNames: true,
  logLevel: "warning",
  legalComments: "none",
};
const out = (name) => ({ outfile: `dist/${name}.js` });
const leftOut = (...packages) =>
  Object.fromEntries(packages.map((name) => [name, `${root}scripts/leftOut.cjs`]));

const outcomes = await Promise.allSettled([
  // Two: activation reads the first only, and that asks for the other when something is used.
  build({
    ...node,
    ...out("extension"),
    entryPoints: ["src/extension.ts"],
    external: ["vscode", "./parts.js"],
  }),
  build({ ...node, ...out("parts"), entryPoints: ["src/parts.ts"], external: ["vscode"] }),
  // Names stay: its frames stand in the user's error stacks. Its text is kept for as long as the process lives.
  // Lines stay short: Node quotes one over an uncaught error.
  build({
    ...node,
    ...out("preload"),
    entryPoints: ["src/runtime/preload.ts"],
    minify: false,
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 120,
    keepNames: false,
  }),
  build({
    ...node,
    ...out("darcy-preload"),
    entryPoints: ["src/runtime/gate.ts"],
    external: ["./preload.js"],
    target: "node10",
    // Node 10 knows its syntax, and it is used where the preload runs.
    supported: { "dynamic-import": true },
  }),
  build({ ...node, ...out("cli"), entryPoints: ["src/cli/main.ts"], banner: { js: "#!/usr/bin/env node" } }),
  build({ ...node, ...out("mcp"), entryPoints: ["src/mcp/server.ts"] }),
  build({ ...node, ...out("analysis"), entryPoints: ["src/recording/analysis/thread.ts"] }),
  build({ ...node, ...out("calibrate"), entryPoints: ["src/collector/calibration/calibrate.ts"] }),
  // autocannon's tables, progress bars and multipart bodies with their MIME types: two fifths of it.
  build({
    ...node,
    ...out("load"),
    entryPoints: ["src/collector/load/drive.ts"],
    alias: leftOut("cli-table3", "form-data", "progress"),
  }),
  build({
    absWorkingDir: root,
    bundle: true,
    platform: "browser",
    format: "iife",
    target: "chrome120",
    minify: true,
    logLevel: "warning",
    legalComments: "none",
    entryPoints: [
      { in: "webview/panel.ts", out: "panel" },
      { in: "webview/panel.css", out: "panel" },
      { in: "webview/compare/view.ts", out: "compare" },
      { in: "webview/compare.css", out: "compare" },
      { in: "src/page/host.ts", out: "page" },
      { in: "src/page/worker.ts", out: "pageWorker" },
      { in: "src/page/compareHost.ts", out: "comparePage" },
      { in: "src/page/themes.css", out: "page" },
    ],
    outdir: "dist/webview",
  }),
]);
// esbuild has said what is wrong; the other bundles are built all the same.
if (outcomes.some(({ status }) => status === "rejected")) process.exitCode = 1;
