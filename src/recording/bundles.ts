// Recording: keeps what runs in the user's processes at a path that outlives an update of the extension: a server
// that restarts under `--watch` must still find its preload.

import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** They run in the extension host or a shell only. */
const OURS_ONLY = new Set(["extension.js", "parts.js", "analysis.js", "cli.js", "mcp.js"]);
const KEEP_MILLIS = 30 * 24 * 60 * 60 * 1_000;

/**
 * Copies the bundles into `storage`, named by their content, and removes copies unused for a month.
 * @returns the folder that holds preload.js, calibrate.js and load.js
 */
export async function stableBundles(dist: string, storage: string): Promise<string> {
  const names = (await readdir(dist)).filter((name) => name.endsWith(".js") && !OURS_ONLY.has(name)).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(dist, name)));
  const folder = join(storage, `runtime-${hash.digest("hex").slice(0, 16)}`);
  if (await exists(folder)) {
    const now = new Date();
    await utimes(folder, now, now);
  } else {
    await mkdir(storage, { recursive: true });
    // Filled beside its place and moved there whole: another window may do the same at this moment.
    const draft = await mkdtemp(join(storage, "draft-"));
    for (const name of names) await cp(join(dist, name), join(draft, name));
    await rename(draft, folder).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true });
      if (!(await exists(folder))) throw error;
    });
  }
  await removeOld(storage, folder);
  return folder;
}

async function removeOld(storage: string, current: string): Promise<void> {
  for (const name of await readdir(storage)) {
    const path = join(storage, name);
    if (path === current || !/^(runtime|draft)-/.test(name)) continue;
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > KEEP_MILLIS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
