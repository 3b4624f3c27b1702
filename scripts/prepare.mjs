// Before a script: the packages of the lock file and fresh bundles in dist/, on a machine that has neither.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs to its end with this terminal. @throws Error that names the command, when it fails */
export function run(command, args, options = {}) {
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${signal ?? status}`);
}

export function runNpm(args, options = {}) {
  // npm is a .cmd file on Windows, which needs a shell.
  run("npm", args, { shell: process.platform === "win32", ...options });
}

/** `npm ci`, unless node_modules already holds what the lock file asks for. */
export function ensureInstalled() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.log(`Installing packages (${missing.length} missing or of another version) ...`);
  runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}

export function ensureBuilt() {
  run(process.execPath, ["scripts/build.mjs"]);
}

/** Compares by version and not by time: a clone gives every file the time of the clone. npm may write its list and then be ended. */
function missingPackages() {
  const wanted = packagesOf("package-lock.json");
  const present = packagesOf("node_modules/.package-lock.json");
  const isThere = (path, { version }) =>
    present[path]?.version === version && existsSync(new URL(`../${path}/package.json`, import.meta.url));
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== "" && !entry.optional && !isThere(path, entry))
    .map(([path]) => path);
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(new URL(`../${lockFile}`, import.meta.url), "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
