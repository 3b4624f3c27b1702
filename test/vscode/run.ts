// VS Code tests, entry: the same suites in a real VS Code: the user's own or a downloaded one where there is one and a
// screen to show it, else the one from npm in Chromium, where the user's clicks are tested as well.
// Words choose runs: `node --import tsx test/vscode/run.ts packed`.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { packExtension } from "../../scripts/package.mjs";
import { freePort, installVsix, root } from "../../scripts/vscode.mjs";
import { inExtensionHost, TESTS } from "./inExtensionHost.ts";
import { inWorkbench, type Step } from "./inWorkbench.ts";
import { counts, remarks, runTwice } from "./tally.ts";
import * as ui from "./ui.ts";
import * as unsaved from "./uiUnsaved.ts";

const BEFORE_LAUNCH: readonly Step[] = [
  ["a preLaunchTask is canceled by the user", ui.preLaunchTaskIsCanceled],
  ["a preLaunchTask that fails is asked about", ui.preLaunchTaskFails],
];
const MAIN_JOB: readonly Step[] = [
  ["a recording shows a hotspot, whose place opens the line", ui.hotspotOpensItsLine],
  ["the line is marked", ui.lineIsMarked],
  ["the mark's hover has the figures", ui.hoverShowsTheFigures],
  ["its links open the row in the panel, and the explanation", ui.hoverOpensRowAndExplanation],
  ["it stops", ui.stops],
  ["it is saved, and opens again", ui.savesAndOpensAgain],
];
const RELOAD: readonly Step[] = [
  [
    "a reload of the window ends the recording and its server, keeps what was measured, and says so",
    unsaved.reloadKeepsTheRecording,
  ],
  ["its marks are beside the code again", unsaved.marksComeBack],
  ["what was kept is saved from its panel, and is unsaved no more", unsaved.unsavedIsSaved],
  ["recordings that ended are there after another one, and after a reload", unsaved.endedStays],
  ["they are deleted once that is confirmed", unsaved.unsavedIsDeleted],
];
/** VS Code starts another extension host by itself where none is under development. */
const crash = (data: string): readonly Step[] =>
  process.platform === "linux"
    ? [
        [
          "an extension host that crashes ends the recording and its server; what was written of it shows",
          unsaved.crashKeepsTheRecording(data),
        ],
      ]
    : [];
const quit = (data: string): readonly Step[] => [
  ["a recording runs when VS Code ends", unsaved.recordsUntilWritten(data)],
];
const AGAIN: readonly Step[] = [
  ["what was written of it shows when VS Code is started again", unsaved.treeShowsUnsaved],
];
const SAVED: readonly Step[] = [
  ["a saved recording is shown read-only", ui.savedRecordingIsReadOnly],
  ["a hotspot of it marks its line", ui.savedHotspotMarksItsLine],
  [
    "a hotspot of a recording from elsewhere opens and marks the workspace's file",
    ui.foreignHotspotMarksItsLine,
  ],
  ["a cut-off recording says so", ui.cutRecordingSaysSo],
  ["two recordings compare, also after a reload of the window, and as Markdown", ui.recordingsCompare],
  ["the tree shows what recordings hold", ui.treeShowsRecordings],
  ["a recording is renamed, and deleted once that is confirmed", ui.renamesAndDeletes],
  ["the same by keys", ui.renamesAndDeletesByKeys],
  ["profiling is not offered", ui.commandIsNotOffered],
];

/** DARCY_HOST_SUITES names others, while one is worked on. */
const HOST_SUITES = "commands,liveReport,panelHost,sessions,profile,problems,launching,tasks,starting";

const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  host: () =>
    inExtensionHost({
      name: "extension host",
      suites: process.env.DARCY_HOST_SUITES ?? HOST_SUITES,
    }),
  workbench: () =>
    inWorkbench("workbench", { extensionDevelopmentPath: root }, [...BEFORE_LAUNCH, ...MAIN_JOB, ...RELOAD]),
  restricted: async () => {
    await inExtensionHost({ name: "Restricted Mode", suites: "restricted", trust: true });
    await inWorkbench("Restricted Mode", { extensionDevelopmentPath: root, trust: true }, SAVED);
  },
  packed: async () => {
    const extensionsDir = await mkdtemp(join(tmpdir(), "darcy-extensions-"));
    const dataFolder = await mkdtemp(join(tmpdir(), "darcy-vscode-"));
    try {
      await installVsix(packExtension().file, extensionsDir);
      await inExtensionHost({ name: "packed extension", suites: "profile", extensionsDir });
      // The port is part of the workspace's name, by which VS Code finds its storage again.
      const options = { extensionsDir, dataFolder, port: await freePort("127.0.0.1") };
      await inWorkbench(
        "packed extension",
        options,
        [...MAIN_JOB, ...crash(dataFolder), ...quit(dataFolder)],
        AGAIN,
      );
    } finally {
      for (const folder of [extensionsDir, dataFolder])
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function main(wanted: readonly string[]): Promise<void> {
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
  for (const name of wanted.length > 0 ? wanted : Object.keys(RUNS)) {
    console.log(`\n${name}`);
    const run = RUNS[name] ?? (() => Promise.reject(new Error(`There is no run "${name}".`)));
    await runTwice(name, run);
  }
  if (remarks.length > 0) console.log(`\n${remarks.join("\n")}`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}

void main(process.argv.slice(2));
