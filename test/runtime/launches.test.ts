// Tests: ways to start a server with real tools, those that need nothing more installed; all of them: npm run launches.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchOnce } from "../launches/launchOnce.ts";
import { linkedProject } from "../launches/project.ts";
import { canRun, QUICK } from "../launches/ways.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { NODES } from "./symmetricRun.ts";

const place = mkdtempSync(join(tmpdir(), "darcy-launches-"));
let built: Built;
before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
});
after(async () => {
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  await built.remove();
});

const posix = { skip: process.platform === "win32" };
for (const [at, way] of QUICK.entries()) {
  // Each on one Node, in turn: together they stay quick.
  const able = NODES.filter(([, node]) => canRun(way, node));
  const [name, node] = able[at % Math.max(1, able.length)] ?? [];
  if (node === undefined) continue;
  test(`${way.name}, Node ${name}`, posix, () =>
    launchOnce(way, linkedProject(way, place), node, join(built.folder, "cli.js")),
  );
}
