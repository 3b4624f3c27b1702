// npm run fidelity: programs with and without the preload (test/fidelity). npm run fidelity -- public [...]: public
// servers and libraries, which it fetches, with and without (test/fidelity/public).
import { spawnSync } from "node:child_process";
import { root } from "./prepare.mjs";

const [part, ...words] = process.argv.slice(2);
if (part !== undefined && part !== "public") {
  console.error("Usage: npm run fidelity [-- public [--nodes 20,22,24,26] [NAME...]]");
  process.exit(2);
}
const script =
  part === "public"
    ? ["scripts/run.mjs", "test/fidelity/public/run.ts", ...words]
    : ["scripts/test.mjs", "fidelity"];
const { status } = spawnSync(process.execPath, script, { cwd: root, stdio: "inherit" });
process.exitCode = status ?? 1;
