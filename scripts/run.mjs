// node scripts/run.mjs FILE.ts [ARGUMENT...]: runs a TypeScript script of this repository, built first.

import { spawnSync } from "node:child_process";
import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("Usage: node scripts/run.mjs FILE.ts [ARGUMENT...]");
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
const { status } = spawnSync(process.execPath, ["--import", "tsx", file, ...args], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
