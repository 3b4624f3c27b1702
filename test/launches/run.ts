// npm run launches [-- PATTERN]: every way to start a server, with the real tools, on four Nodes: each server is measured on its workers, and
// what starts it is left alone. LAUNCH_NODES="20,24" chooses Nodes.

import { join } from "node:path";
import { ensureNodes } from "../../scripts/nodes.mjs";
import { attachOnce } from "./attachOnce.ts";
import { launchOnce } from "./launchOnce.ts";
import { ATTACHED, isAttached, MANAGED } from "./pm2Ways.ts";
import { installedProject, root } from "./project.ts";
import { PROJECTS } from "./projectWays.ts";
import { canRun, WAYS } from "./ways.ts";

const MAJORS = [20, 22, 24, 26];
const cli = join(root, "dist", "cli.js");

async function main(pattern: RegExp): Promise<void> {
  const wanted = (process.env.LAUNCH_NODES ?? MAJORS.join(",")).split(",").map(Number);
  const nodes = [...ensureNodes(wanted)];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const way of [...WAYS, ...PROJECTS, ...MANAGED, ...ATTACHED].filter(({ name }) =>
    pattern.test(name),
  )) {
    const folder = installedProject(way);
    for (const [major, node] of nodes) {
      const title = `${way.name}, Node ${major}`;
      if (!canRun(way, node)) {
        console.log(`- ${title}: needs Node ${way.since?.join(".")}`);
        counts.skipped++;
        continue;
      }
      const began = performance.now();
      try {
        installedProject(way);
        if (isAttached(way)) await attachOnce(way, folder, node, cli);
        else await launchOnce(way, folder, node, cli);
        console.log(`✔ ${title} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
        counts.passed++;
      } catch (error) {
        console.log(`✖ ${title}\n${error instanceof Error ? error.message : String(error)}`);
        counts.failed++;
      }
    }
  }
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

void main(new RegExp(process.argv[2] ?? "", "i"));
