// Runtime: the processes that inherit our environment but are not the user's server. Each guard answers one
// question; any yes and the preload does nothing at all.

import { basename } from "node:path";

/** @param words those after the entry */
type Guard = (entry: string, execArgv: readonly string[], words: readonly string[]) => boolean;

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
  "tsc-watch",
  "tsserver",
  "tsup",
  "swc",
  "esbuild",
  "webpack",
  "rollup",
  "vite",
  "eslint",
  "biome",
  "prettier",
  // frameworks' command lines, which start the server as a child
  "nest",
  // runners and watchers
  "nodemon",
  "ts-node-dev",
  "tsnd",
  "mocha",
  "jest",
  "vitest",
  "turbo",
  "nx",
  "lerna",
  "concurrently",
  "conc",
  "cross-env",
  "cross-env-shell",
  "dotenv",
  "env-cmd",
  "npm-run-all",
  "run-s",
  "run-p",
  // process managers
  "pm2",
  "pm2-dev",
  "pm2-docker",
  "pm2-runtime",
]);
/** The same, and others whose entry has a common name, by their package's folder. */
const TOOL_PACKAGES =
  /[\\/]node_modules[\\/](?:\.bin[\\/])?(?:mocha|jest(?:-cli|-worker)?|vitest|tinypool|ava|tap|nodemon|tsx|ts-node-dev|vite|webpack-dev-server|parcel|gulp|grunt|turbo|nx|lerna|concurrently|dotenv-cli|npm-run-all2?|pm2|@playwright|playwright-core|cypress|@vscode|@nestjs[\\/]cli|@swc[\\/]cli|esbuild|node-gyp|tsup|next[\\/]dist[\\/](?:compiled[\\/]jest-worker|build))(?:[\\/]|$)/;
/** Of two of them: in these files pm2 and ts-node-dev run what is the user's. */
const CONTAINERS =
  /[\\/](?:pm2[\\/]lib[\\/]ProcessContainer(?:Fork)?|ts-node-dev[\\/]lib[\\/]wrap)(?:\.js)?$/;
/** Started by its path, as `…/yarn-1.22/bin/yarn.js` or `.yarn/releases/yarn-4.0.0.cjs`. */
const PACKAGE_MANAGER_FILES = /[\\/](?:npm|pnpm|yarn|corepack)(?:-[\d.]+)?\.[cm]?js$/;
/** No program of the user's runs to an end of its own here. */
const NO_PROGRAM = new Set(["-p", "--print", "-i", "--interactive", "-c", "--check", "--test", "--watch"]);

const GUARDS: readonly Guard[] = [
  (_entry, execArgv) => execArgv.some((word) => NO_PROGRAM.has(word) || word.startsWith("--watch-path")),
  (entry) => isTool(entry),
  (entry) => TOOL_PACKAGES.test(entry) && !CONTAINERS.test(entry),
  (entry) => PACKAGE_MANAGER_FILES.test(entry),
  // `next start` serves by itself, `next dev` and `next build` in children.
  (entry, _execArgv, words) => isNext(entry) && words.find((word) => !word.startsWith("-")) !== "start",
];

export function isServerCandidate(argv: readonly string[], execArgv: readonly string[]): boolean {
  // With --eval the first argument is the program's, not a file.
  const entry = execArgv.some((word) => /^(?:-e|--eval)(?:=|$)/.test(word)) ? "" : (argv[1] ?? "");
  return !GUARDS.some((guard) => guard(entry, execArgv, argv.slice(2)));
}

/** By its name; a file of the user's own may be called `vite.js`, and is none. */
function isTool(entry: string): boolean {
  const name = basename(entry);
  const bare = name.replace(/\.[cm]?js$/, "");
  return TOOL_NAMES.has(bare) && (bare === name || /[\\/]node_modules[\\/]/.test(entry));
}

function isNext(entry: string): boolean {
  return /[\\/](?:\.bin[\\/]next|next[\\/]dist[\\/]bin[\\/]next)$/.test(entry);
}
