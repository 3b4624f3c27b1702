// Runtime: the processes that inherit our environment but are not the user's server. Each guard answers one
// question; any yes and the preload does nothing at all.

import { basename } from "node:path";

type Guard = (entry: string, execArgv: readonly string[]) => boolean;

const TOOL_NAMES = new Set([
  // package managers
  "npm",
  "npm-cli",
  "npx",
  "npx-cli",
  "pnpm",
  "pnpx",
  "yarn",
  "yarnpkg",
  "corepack",
  // compilers, bundlers, linters
  "node-gyp",
  "tsc",
  "tsserver",
  "swc",
  "esbuild",
  "webpack",
  "rollup",
  "vite",
  "eslint",
  "biome",
  "prettier",
  // runners and watchers
  "nodemon",
  "mocha",
  "jest",
  "vitest",
]);
/** The same, and others whose entry has a common name, by their package's folder. */
const TOOL_PACKAGES =
  /[\\/]node_modules[\\/](?:\.bin[\\/])?(?:mocha|jest(?:-cli)?|vitest|ava|tap|nodemon|tsx|ts-node-dev|vite|webpack-dev-server|parcel|gulp|grunt|turbo|nx|concurrently|pm2|@playwright|playwright-core|cypress|@vscode)(?:[\\/]|$)/;
/** Started by its path, as `…/yarn-1.22/bin/yarn.js` or `.yarn/releases/yarn-4.0.0.cjs`. */
const PACKAGE_MANAGER_FILES = /[\\/](?:npm|pnpm|yarn|corepack)(?:-[\d.]+)?\.c?js$/;
/** No program of the user's runs to an end of its own here. */
const NO_PROGRAM = new Set(["-p", "--print", "-i", "--interactive", "-c", "--check", "--test", "--watch"]);

const GUARDS: readonly Guard[] = [
  (_entry, execArgv) => execArgv.some((word) => NO_PROGRAM.has(word) || word.startsWith("--watch-path")),
  (entry) => TOOL_NAMES.has(basename(entry).replace(/\.[cm]?js$/, "")),
  (entry) => TOOL_PACKAGES.test(entry),
  (entry) => PACKAGE_MANAGER_FILES.test(entry),
];

export function isServerCandidate(argv: readonly string[], execArgv: readonly string[]): boolean {
  // With --eval the first argument is the program's, not a file.
  const entry = execArgv.some((word) => /^(?:-e|--eval)(?:=|$)/.test(word)) ? "" : (argv[1] ?? "");
  return !GUARDS.some((guard) => guard(entry, execArgv));
}
