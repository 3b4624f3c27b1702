// VS Code tests: runs suites inside a real extension host, on the desktop or from npm, and takes over their results.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/vscode.mjs";
import { desktopVsCode, runOnDesktop } from "./desktop.ts";
import { explain, report } from "./tally.ts";
import { openWorkbench } from "./workbench.ts";
import { makeWorkspace, type TestWorkspace } from "./workspace.ts";

const SUITES_MILLIS = 600_000;
const HARNESS = join(root, "test", "vscode", "harness");
export const TESTS = join(root, "out", "test", "index.js");

export interface HostRun {
  readonly name: string;
  readonly suites: string;
  /** Ask for workspace trust: Restricted Mode. */
  readonly trust?: boolean;
  /** Where the packed extension is installed; without it the one under development runs. */
  readonly extensionsDir?: string;
}

export async function inExtensionHost(run: HostRun): Promise<void> {
  const workspace = await makeWorkspace();
  try {
    await start(run, workspace);
  } catch (error) {
    report(`${run.name}: the suites ran`, 0, explain(error));
  }
  await reportResults(run.name, workspace.results);
  await workspace.remove();
}

async function start(
  { suites, trust = false, extensionsDir }: HostRun,
  workspace: TestWorkspace,
): Promise<void> {
  const environment = { DARCY_TEST_SUITES: suites, DARCY_TEST_RESULTS: workspace.results };
  const desktop = extensionsDir === undefined ? await desktopVsCode() : null;
  if (desktop !== null) {
    return runOnDesktop({ desktop, workspace: workspace.file, tests: TESTS, trust, environment });
  }
  const workbench = await openWorkbench({
    workspace: workspace.file,
    extensionDevelopmentPath: extensionsDir === undefined ? root : HARNESS,
    extensionTestsPath: TESTS,
    trust,
    environment,
    ...(extensionsDir === undefined ? {} : { extensionsDir }),
  });
  try {
    await workbench.testsEnded(SUITES_MILLIS);
  } catch (error) {
    console.log(workbench.log());
    throw error;
  } finally {
    await workbench.close();
  }
}

async function reportResults(name: string, file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return report(`${name}: there are results`, 0, "The extension host wrote none.");
  const outcomes = JSON.parse(text) as { title: string; millis: number; error: string | null }[];
  for (const { title, millis, error } of outcomes) report(title, millis, error);
  if (outcomes.length === 0) report(`${name}: a test ran`, 0, "The suites were empty.");
}
