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

interface Activation {
  /** From asking VS Code to having the extension, with VS Code's own messages between its processes. */
  readonly wholeMillis: number;
  /** Of the extension's own: reading and running its file, and `activate`, by VS Code's marks; null: it set none. */
  readonly loadMillis: number | null;
  readonly activateMillis: number | null;
}

async function activated(): Promise<Activation> {
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
    return JSON.parse(outcome?.title.replace(/^activation /, "") ?? "") as Activation;
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
  const windows: Activation[] = [];
  for (let window = 1; window <= WINDOWS; window++) {
    const one = await activated();
    windows.push(one);
    console.log(
      `window ${window}: ${said(ownMillis(one))} ms (file ${said(one.loadMillis)}, activate ${said(one.activateMillis)}), ${said(one.wholeMillis)} ms with VS Code's own`,
    );
  }
  console.log(`median ${summary(windows.map(ownMillis))} (to reach: ${TO_REACH_MILLIS} ms)`);
  console.log(`with VS Code's own: median ${summary(windows.map(({ wholeMillis }) => wholeMillis))}`);
  process.exit(0);
}

function ownMillis({ loadMillis, activateMillis }: Activation): number | null {
  return loadMillis === null || activateMillis === null ? null : loadMillis + activateMillis;
}

function summary(millis: readonly (number | null)[]): string {
  const sorted = millis.filter((each) => each !== null).sort((a, b) => a - b);
  const at = (index: number) => said(sorted[index] ?? null);
  return `${at(Math.floor(sorted.length / 2))} ms, ${at(0)} to ${at(sorted.length - 1)} ms`;
}

function said(millis: number | null): string {
  return millis === null ? "–" : millis.toFixed(1);
}

void main();
