// Collector: what the server's environment gets, so that every Node process of it loads our preload.

import { SESSION_VARIABLE } from "../protocol/sessionFile.ts";
import { npmNodeOptions } from "./npmOptions.ts";

/** Of the bundles: the gate, which loads preload.js where Node is new enough. */
export const PRELOAD_FILE = "darcy-preload.js";

/**
 * `base` with the session's file and the preload in it; the options that are there already stay, and those of npm.
 * @param cwd where the server's command runs, for npm's configuration; null: it is not known
 */
export function serverEnvironment(
  base: NodeJS.ProcessEnv,
  sessionFile: string,
  preload: string,
  cwd: string | null = null,
): NodeJS.ProcessEnv {
  const present = base.NODE_OPTIONS?.trim() ?? "";
  const ours = `--require ${quoteOption(preload.replaceAll("\\", "/"))}`;
  const npm = cwd === null ? null : npmNodeOptions(cwd, base);
  return {
    ...base,
    [SESSION_VARIABLE]: sessionFile,
    NODE_OPTIONS: present === "" ? ours : `${present} ${ours}`,
    ...(npm === null ? {} : { [npm.variable]: `${npm.options} ${ours}` }),
  };
}

/** `base` without a debugger's, a profiler's or our own preload: for the processes that we start for ourselves. */
export function ownEnvironment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, [SESSION_VARIABLE]: _session, ...rest } = base;
  // In an extension host execPath is Electron, which this turns into Node; any other Node ignores it.
  return { ...rest, ELECTRON_RUN_AS_NODE: "1" };
}

/** NODE_OPTIONS splits at spaces, except within double quotes, where a backslash escapes. */
function quoteOption(word: string): string {
  return /[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word;
}
