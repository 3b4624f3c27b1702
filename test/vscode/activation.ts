// npm run bench:activation: how long the extension takes to activate in a real VS Code, in windows of their own.

import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { root } from "../../scripts/vscode.mjs";
import { TESTS } from "./inExtensionHost.ts";
import { openWorkbench } from "./workbench.ts";
import { makeWorkspace } from "./workspace.ts";

const WINDOWS = Number(process.env.BENCH_WINDOWS ?? 5);
const TO_REACH_MILLIS = 50;
const ENDED_MILLIS = 120_000;

async function activated(): Promise<number> {
  const workspace = await makeWorkspace();
  const workbench = await openWorkbench({
    workspace: workspace.file,
    extensionDevelopmentPath: root,
    extensionTestsPath: TESTS,
    environment: { DARCY_TEST_SUITES: "activation", DARCY_TEST_RESULTS: workspace.results },
  });
  try {
    await workbench.testsEnded(ENDED_MILLIS);
    const [outcome] = JSON.parse(await readFile(workspace.results, "utf8")) as { title: string }[];
    return Number.parseFloat(outcome?.title.replace(/^activation /, "") ?? "");
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

async function main(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/vscode/suites/index.ts"],
    outfile: TESTS,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  const millis: number[] = [];
  for (let window = 1; window <= WINDOWS; window++) {
    millis.push(await activated());
    console.log(`window ${window}: ${millis.at(-1)} ms`);
  }
  const sorted = [...millis].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`median ${median} ms, ${sorted[0]} to ${sorted.at(-1)} ms (to reach: ${TO_REACH_MILLIS} ms)`);
  process.exit(0);
}

void main();
