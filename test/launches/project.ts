// Launches: a way's project on disk: its packages, once, and its files, anew for each run. Its path has a space and letters
// beyond ASCII.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Way } from "./ways.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Installs what is not installed yet. @returns the project's folder */
export function installedProject(way: Way): string {
  const folder = join(root, ".cache", "launches", "läden & co", way.project);
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, way);
  const wanted = way.packages.join("\n");
  const stamp = join(folder, ".installed");
  if (wanted === "" || (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted)) return folder;
  // Else npm installs into the nearest package around it, which is this repository.
  const own = join(folder, "package.json");
  if (!existsSync(own)) writeFileSync(own, '{ "private": true }\n');
  console.log(`installing for ${way.project}: ${way.packages.join(" ")}`);
  const words = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", [...words, ...way.packages], { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`npm install of ${way.project} failed.`);
  writeFileSync(stamp, wanted);
  return folder;
}

/** With this repository's own packages. @param place an empty folder */
export function linkedProject(way: Way, place: string): string {
  const folder = join(place, "läden & co");
  if (!existsSync(folder)) {
    mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  }
  writeFiles(folder, way);
  return folder;
}

function writeFiles(folder: string, { files }: Way): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
