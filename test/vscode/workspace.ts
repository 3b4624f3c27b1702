// VS Code tests: a workspace of their own, in a folder whose name has a space and letters beyond ASCII.

import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/vscode.mjs";
import { writeProfile } from "../../src/collector/profileFile.ts";
import type { Profile } from "../../src/model/profile.ts";
import { linesOf, TextLines } from "../../src/sources/textLines.ts";
import { APP, KnownProfile, times } from "../unit/knownProfile.ts";
import { CONTAINER } from "./container.ts";

/** Nothing of VS Code's own is to come in between. */
const QUIET = {
  "window.autoDetectColorScheme": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "editor.accessibilitySupport": "off",
  "darcy.workers": 2,
};

export interface TestWorkspace {
  /** The .code-workspace file. */
  readonly file: string;
  readonly folder: string;
  /** Where the tests in the extension host write their results. */
  readonly results: string;
  remove(): Promise<void>;
}

export async function makeWorkspace(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<TestWorkspace> {
  const place = await realpath(await mkdtemp(join(tmpdir(), "darcy-vscode-test-")));
  const folder = join(place, "kleiner Läden");
  await mkdir(folder);
  await cp(join(root, "test", "vscode", "fixture"), folder, { recursive: true });
  const saved = join(folder, "saved.darcy");
  const server = await readFile(join(folder, "server.js"), "utf8");
  await writeProfile(saved, savedProfile(folder, server));
  await writeProfile(join(folder, "container.darcy"), savedProfile(CONTAINER, server));
  const bytes = await readFile(saved);
  await writeFile(join(folder, "cut.darcy"), bytes.subarray(0, bytes.length / 2));
  const file = join(place, "test.code-workspace");
  await writeFile(file, JSON.stringify({ folders: [{ path: folder }], settings: { ...QUIET, ...settings } }));
  return {
    file,
    folder,
    results: join(place, "results.json"),
    remove: () => rm(place, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Two workers for ten seconds: 200 requests a second, each serialises 10 KB on the line of JSON.stringify. */
function savedProfile(folder: string, server: string): Profile {
  const text = new TextLines(linesOf(server));
  const lines = [8, 16].map((line) => text.row(line)).filter((row) => row !== null);
  const known = new KnownProfile();
  const operation = known.operation("serialise", "JSON.stringify");
  const stack = known.stack("server.js:8 list", "server.js:16 handler");
  known.route("GET", "/");
  for (const worker of [known.worker(), known.worker()]) {
    for (let second = 0; second < 10; second++) {
      known.window(worker, second, {
        cells: [[operation, 14, 100, 1_000_000]],
        samples: [[operation, 14, stack, 0, 50, 100, 1_000_000]],
        latencies: times(100, 900),
        thread: { cpuMicros: 100_000 },
      });
    }
  }
  const profile = known.profile({ cwd: folder });
  return {
    ...profile,
    texts: [{ file: `${folder}/server.js`, whole: text.whole, lines }],
    // The root's frame is any: no stack shows it.
    stacks: profile.stacks.map((node, index) => (index === 0 ? { parent: 0, frame: 0 } : node)),
    frames: profile.frames.map((frame) => ({ ...frame, url: frame.url.replace(APP, folder) })),
  };
}
