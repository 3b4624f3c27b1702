// Runtime: the processes that inherit our environment but are not the user's server. Each guard answers one
// question; any yes and the preload does nothing at all.

import { basename } from "node:path";

type Guard = (argv: readonly string[], execArgv: readonly string[]) => boolean;

const TOOLS = new Set([
  // package managers
  "npm",
  "npx",
  "npm-cli",
  "npx-cli",
  "pnpm",
  "pnpx",
  "yarn",
  "yarnpkg",
  "corepack",
  "bun",
  // compilers, bundlers and what they start
  "node-gyp",
  "tsc",
  "tsserver",
  "swc",
  "esbuild",
  "webpack",
  "rollup",
  "eslint",
  "biome",
  "prettier",
]);

const GUARDS: readonly Guard[] = [
  // `node -e` and `node -p` one-liners that scripts run; the REPL.
  (_argv, execArgv) =>
    execArgv.some((word) => ["-p", "--print", "-i", "--interactive", "-c", "--check"].includes(word)),
  (_argv, execArgv) => execArgv.includes("--test"),
  (argv) => TOOLS.has(basename(argv[1] ?? "").replace(/\.[cm]?js$/, "")),
  // A package manager started by its path, as …/yarn-1.22/bin/yarn.js or .yarn/releases/yarn-4.0.0.cjs.
  (argv) => /[\\/](?:npm|pnpm|yarn|corepack)(?:-[\d.]+)?\.c?js$/.test(argv[1] ?? ""),
];

export function isServerCandidate(argv: readonly string[], execArgv: readonly string[]): boolean {
  return !GUARDS.some((guard) => guard(argv, execArgv));
}
