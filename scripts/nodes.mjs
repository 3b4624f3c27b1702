// The Node versions that tests run servers on: named in DARCY_TEST_NODES, this one, or fetched from npm.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, runNpm } from "./prepare.mjs";

/** Those that are supported. */
export const EVERY_MAJOR = [20, 22, 24, 26];
const VARIABLE = "DARCY_TEST_NODES";

/** Major version to executable. `DARCY_TEST_NODES` is "20=/path/to/node,24=/path/to/node". */
export function ensureNodes(majors) {
  const named = parseNodes(process.env[VARIABLE] ?? "");
  return new Map(majors.map((major) => [major, named.get(major) ?? ownNode(major) ?? fetchedNode(major)]));
}

/** For the environment of the tests. */
export function nodesVariable(nodes) {
  return { [VARIABLE]: [...nodes].map(([major, file]) => `${major}=${file}`).join(",") };
}

export function parseNodes(text) {
  const pairs = text.split(",").filter((pair) => pair.includes("="));
  return new Map(pairs.map((pair) => [Number.parseInt(pair, 10), pair.slice(pair.indexOf("=") + 1).trim()]));
}

function ownNode(major) {
  return Number.parseInt(process.versions.node, 10) === major ? process.execPath : null;
}

/** npm's `node` package brings the executable of the wanted version. */
function fetchedNode(major) {
  const folder = path.join(root, ".cache", "nodes", String(major));
  const file = path.join(
    folder,
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (works(file)) return file;
  console.log(`Fetching Node ${major} for the tests ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify({ private: true })}\n`);
  runNpm(["install", `node@${major}`, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  if (!works(file)) throw new Error(`npm's node@${major} brought no executable that runs: ${file}`);
  return file;
}

function works(file) {
  return existsSync(file) && spawnSync(file, ["--version"]).status === 0;
}
