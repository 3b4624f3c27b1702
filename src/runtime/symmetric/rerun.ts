// Runtime, symmetric: how to start this very program once more. Taken before the user's code can change its
// arguments, environment or folder.

import { createRequire } from "node:module";
import { basename } from "node:path";
import { PEER_VARIABLE } from "../../protocol/sessionFile.ts";
import { type PeerState, STATE_VARIABLE } from "./messages.ts";

export interface Rerun {
  readonly file: string;
  readonly args: readonly string[];
  /** Of them, those after the entry: the program's own. */
  readonly words: readonly string[];
  readonly argv0: string;
  readonly cwd: string;
  /** Whether the user's process has an IPC channel of its own. */
  readonly ipc: boolean;
  /** What a worker thread runs; null where there is no such file. */
  readonly entry: string | null;
  environment(peer: number, state: PeerState): NodeJS.ProcessEnv;
}

/** Two processes can't share an inspector's port, and a peer must not wait for a debugger. */
const INSPECTOR = /^--(?:inspect(?:-brk|-wait|-port|-publish-uid)?|debug-port)(?:=|$)/;
/** Of these the value may be the next word. */
const WITH_VALUE = /^--(?:inspect-port|inspect-publish-uid|debug-port)$/;
const IN_OPTIONS =
  /(^|\s)--(?:(?:inspect-port|inspect-publish-uid|debug-port)[=\s]\s*\S+|inspect(?:-brk|-wait)?(?:=\S+)?)(?=\s|$)/g;

/** Null when it can't or should not be run again. */
export function planRerun(preloadPath: string): Rerun | null {
  const { argv, execArgv } = process;
  const entry = argv[1];
  // Without an entry the program came by stdin or the REPL; `-` is stdin too.
  if (!evaluates(execArgv) && (entry === undefined || entry === "-")) return null;
  const variables = { ...process.env };
  delete variables[PEER_VARIABLE];
  delete variables[STATE_VARIABLE];
  // A watcher's child reports its modules over IPC, which peers don't have.
  delete variables.WATCH_REPORT_DEPENDENCIES;
  const nodeOptions = variables.NODE_OPTIONS ?? "";
  if (/--(?:inspect|debug-port)/.test(nodeOptions))
    variables.NODE_OPTIONS = nodeOptions.replace(IN_OPTIONS, "$1").trim();
  const runtimeArgs = execArgv.filter(
    (word, at) => !INSPECTOR.test(word) && !WITH_VALUE.test(execArgv[at - 1] ?? ""),
  );
  // Only where it came otherwise, as by an `.npmrc`; the path may be written in several ways.
  const preload = basename(preloadPath);
  if (!nodeOptions.includes(preload) && !runtimeArgs.some((word) => word.includes(preload))) {
    runtimeArgs.unshift("--require", preloadPath);
  }
  return {
    file: process.execPath,
    args: [...runtimeArgs, ...argv.slice(1)],
    words: argv.slice(2),
    argv0: process.argv0,
    cwd: process.cwd(),
    ipc: typeof process.send === "function",
    entry: evaluates(execArgv) || entry === undefined ? null : entryFile(entry),
    environment: (peer, state) => ({
      ...variables,
      [PEER_VARIABLE]: String(peer),
      [STATE_VARIABLE]: JSON.stringify(state),
    }),
  };
}

/** `node server` runs server.js; a worker thread wants the whole name. */
function entryFile(entry: string): string | null {
  try {
    return createRequire(entry).resolve(entry);
  } catch {
    return null;
  }
}

function evaluates(execArgv: readonly string[]): boolean {
  return execArgv.some((word) => /^(?:-e|-p|-pe|--eval|--print)(?:=|$)/.test(word));
}
