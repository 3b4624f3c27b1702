// Benchmark of the panel: what is made of whole recordings on request, and how long it holds up the thread that asks, as VS Code's
// extension host does: nothing else of any extension runs there meanwhile.

import { rmSync } from "node:fs";
import path from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { packProfile } from "../../../src/collector/packProfile.ts";
import { readProfile, writeProfile } from "../../../src/collector/profileFile.ts";
import { viewOf } from "../../../src/model/compare/view.ts";
import type { Profile } from "../../../src/model/profile.ts";
import { askOnce, frontInThread } from "../../../src/recording/analysis/analysis.ts";
import { exportBytes } from "../../../src/recording/analysis/exported.ts";
import { buildBundles } from "../../unit/built.ts";

const FORMATS = ["markdown", "pprof"] as const;

/** Each in the asking thread, and as the extension does it. */
export async function heavyWork(file: string, profile: Profile): Promise<void> {
  const built = await buildBundles("analysis");
  const thread = path.join(built.folder, "analysis.js");
  const saved = `${file}.again`;
  const name = path.basename(file);
  const fail = (error: unknown) => {
    throw error;
  };
  try {
    console.log("the thread that asks is held up, longest (and all in all, by the clock):");
    await told("  comparing, itself", async () => viewOf(await readProfile(file), await readProfile(file)));
    await told("  comparing, in a thread", () => askOnce(thread, "compared", { before: file, after: file }));
    for (const format of FORMATS) {
      await told(`  ${format}, itself`, async () =>
        exportBytes(await readProfile(file), format, name, built.folder),
      );
      await told(`  ${format}, in a thread`, () =>
        askOnce(thread, "exported", { recording: { file }, format, name, distFolder: built.folder }),
      );
    }
    await told("  packing a recording, in one piece", () => promisify(gzip)(JSON.stringify(profile)));
    await told("  packing a recording, in slices", () => packProfile(profile));
    await told("  saving it, its front in a thread", () =>
      writeProfile(saved, profile, (packed) => frontInThread(thread, packed, fail)),
    );
  } finally {
    rmSync(saved, { force: true });
    await built.remove();
  }
}

async function told(name: string, act: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await act();
  const took = performance.now() - began;
  // The last piece of work ends with `act`; a timer after it sees how late it is.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  console.log(`${name}: ${(delay.max / 1e6).toFixed(0)} ms (${took.toFixed(0)} ms)`);
}
