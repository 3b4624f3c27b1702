// Unit tests: bundles that run as processes of their own, built into a temporary folder: `dist/` may be in use.

import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENTRIES = {
  analysis: "src/recording/analysis/thread.ts",
  calibrate: "src/collector/calibration/calibrate.ts",
  cli: "src/cli/main.ts",
  "darcy-preload": "src/runtime/gate.ts",
  load: "src/collector/load/drive.ts",
  mcp: "src/mcp/server.ts",
  preload: "src/runtime/preload.ts",
} as const;

export interface Built {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function buildBundles(...names: readonly (keyof typeof ENTRIES)[]): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), "darcy built "));
  // The gate loads the preload, so one does not come without the other.
  const all = names.includes("preload") ? [...new Set([...names, "darcy-preload" as const])] : names;
  await build({
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    entryPoints: all.map((name) => ({ in: ENTRIES[name], out: name })),
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["./preload.js"],
    logLevel: "warning",
  });
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
