// VS Code tests, entry: the same suites in a real VS Code: the user's own or a downloaded one where there is one and a
// screen to show it, else the one from npm in Chromium, where the user's clicks are tested as well.

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { packExtension } from "../../scripts/package.mjs";
import { installVsix, root, type ServerOptions } from "../../scripts/vscode.mjs";
import { desktopVsCode, runOnDesktop } from "./desktop.ts";
import * as ui from "./ui.ts";
import { openWorkbench } from "./workbench.ts";
import { makeWorkspace } from "./workspace.ts";

const SUITES_MILLIS = 300_000;
const HARNESS = join(root, "test", "vscode", "harness");
const TESTS = join(root, "out", "test", "index.js");
/** Pictures of what a failed step saw. */
const PICTURES = join(root, "out", "test", "failures");

let passed = 0;
let failed = 0;

function report(title: string, millis: number, error: string | null): void {
  if (error === null) passed++;
  else failed++;
  console.log(`${error === null ? "✔" : "✖"} ${title} (${Math.round(millis)} ms)`);
  if (error !== null) console.log(error.replace(/^/gm, "    "));
}

interface Run {
  readonly name: string;
  readonly suites: string;
  readonly trust?: boolean;
  readonly extensionsDir?: string;
}

async function inExtensionHost({ name, suites, trust, extensionsDir }: Run): Promise<void> {
  const workspace = await makeWorkspace();
  const environment = { DARCY_TEST_SUITES: suites, DARCY_TEST_RESULTS: workspace.results };
  console.log(`\n${name}`);
  try {
    const desktop = await desktopVsCode();
    if (desktop !== null && extensionsDir === undefined) {
      await runOnDesktop({
        desktop,
        workspace: workspace.file,
        tests: TESTS,
        trust: trust === true,
        environment,
      });
    } else {
      const options: ServerOptions = {
        workspace: workspace.file,
        extensionDevelopmentPath: extensionsDir === undefined ? root : HARNESS,
        extensionTestsPath: TESTS,
        trust: trust === true,
        environment,
        ...(extensionsDir === undefined ? {} : { extensionsDir }),
      };
      const workbench = await openWorkbench(options);
      try {
        await workbench.testsEnded(SUITES_MILLIS);
      } catch (error) {
        console.log(workbench.log());
        throw error;
      } finally {
        await workbench.close();
      }
    }
  } catch (error) {
    report(`${name}: the suites ran`, 0, ui.explain(error));
  }
  await reportResults(name, workspace.results);
  await workspace.remove();
}

async function reportResults(name: string, file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return report(`${name}: there are results`, 0, "The extension host wrote none.");
  const outcomes = JSON.parse(text) as { title: string; millis: number; error: string | null }[];
  for (const { title, millis, error } of outcomes) report(title, millis, error);
  if (outcomes.length === 0) report(`${name}: a test ran`, 0, "The suites were empty.");
}

type Step = readonly [title: string, body: (page: Page) => Promise<void>];

async function inWorkbench(
  name: string,
  options: Partial<ServerOptions>,
  steps: readonly Step[],
): Promise<void> {
  const workspace = await makeWorkspace();
  console.log(`\n${name}`);
  let broken: string | null = null;
  try {
    const workbench = await openWorkbench({ workspace: workspace.file, ...options });
    try {
      for (const [title, body] of steps) {
        const began = performance.now();
        // Each step stands on the one before it.
        if (broken === null) broken = await body(workbench.page).then(() => null, ui.explain);
        report(`${name}: ${title}`, performance.now() - began, broken);
        if (broken !== null)
          await workbench.page.screenshot({
            path: join(PICTURES, `${name}-${title}.png`.replaceAll(" ", "-")),
          });
      }
    } finally {
      await workbench.close();
    }
  } catch (error) {
    report(`${name}: the workbench opens`, 0, ui.explain(error));
  }
  await workspace.remove();
}

const MAIN_JOB: readonly Step[] = [
  ["a recording shows a hotspot, whose place opens the line", ui.hotspotOpensItsLine],
  ["the line is marked", ui.lineIsMarked],
  ["the mark's hover has the figures", ui.hoverShowsTheFigures],
  ["it stops", ui.stops],
];

async function main(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/vscode/suites/index.ts"],
    outfile: "out/test/index.js",
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  await mkdir(PICTURES, { recursive: true });
  const extensionsDir = await mkdtemp(join(tmpdir(), "darcy-extensions-"));
  try {
    await inExtensionHost({ name: "extension host", suites: "commands,profile" });
    await inExtensionHost({ name: "Restricted Mode", suites: "restricted", trust: true });
    await inWorkbench("workbench", { extensionDevelopmentPath: root }, MAIN_JOB);
    await inWorkbench("Restricted Mode", { extensionDevelopmentPath: root, trust: true }, [
      ["a saved recording is shown read-only", ui.savedRecordingIsReadOnly],
      ["a cut-off recording says so", ui.cutRecordingSaysSo],
      ["profiling is not offered", ui.commandIsNotOffered],
    ]);
    await installVsix(packExtension().file, extensionsDir);
    await inExtensionHost({ name: "packed extension", suites: "profile", extensionsDir });
    await inWorkbench("packed extension", { extensionsDir }, MAIN_JOB);
  } catch (error) {
    report("the VS Code tests ran", 0, ui.explain(error));
  } finally {
    await rm(extensionsDir, { recursive: true, force: true });
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

void main();
