// npm run package: builds and packs the extension into darcy-<version>.vsix, which must stay small.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";

const MOST_BYTES = 1_500_000;

/** @returns {{ file: string, bytes: number }}; throws when it can't be packed or is too large */
export function packExtension() {
  ensureInstalled();
  ensureBuilt();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = join(root, `darcy-${version}.vsix`);
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  // Bundled, so without dependencies. A clone does not know where it will be published, so the README's links stay.
  const words = [
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    "--out",
    file,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, ...words], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`vsce package failed:\n${stdout}${stderr}`);
  const bytes = statSync(file).size;
  if (bytes > MOST_BYTES) throw new Error(`${file} has ${bytes} bytes, more than ${MOST_BYTES}.`);
  return { file, bytes };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { file, bytes } = packExtension();
    console.log(`${file}, ${Math.round(bytes / 1_000)} KB`);
    console.log(`Install it with: code --install-extension ${file}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
