// npm run kinds [-- 20 24]: kinds of servers, ways to a port and ways to end, over all topologies, on every Node that is supported.
import { readdirSync } from "node:fs";
import path from "node:path";
import { EVERY_MAJOR, ensureNodes, nodesVariable } from "./nodes.mjs";
import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";
import { runSuites } from "./suites.mjs";

/** Against a file that hangs; each runs on all Nodes, ten minutes on a busy machine. */
const TIMEOUT_MS = 3_600_000;

const words = process.argv.slice(2);
const majors = words.map(Number);
if (!majors.every((major) => EVERY_MAJOR.includes(major))) {
  console.error(`Usage: npm run kinds [-- NODE...], each one of ${EVERY_MAJOR.join(", ")}`);
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
const folder = path.join("test", "runtime");
const files = readdirSync(path.join(root, folder))
  .filter((name) => /^symmetric.*\.test\.ts$/.test(name))
  .map((name) => path.join(folder, name));
const nodes = ensureNodes(majors.length > 0 ? majors : EVERY_MAJOR);
const { passed, failed, remarks } = runSuites(files, {
  options: ["--import", "tsx", "--test-concurrency=1", `--test-timeout=${TIMEOUT_MS}`],
  env: { ...process.env, ...nodesVariable(nodes), DARCY_KINDS: "all" },
  cwd: root,
  again: true,
});
for (const remark of remarks) console.log(remark);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
