// Collector, diagnosis: what keeps one process from being measured, in words. Pure.

import { SESSION_VARIABLE } from "../../protocol/sessionFile.ts";
import { OLDEST_NODE } from "../findNode.ts";
import type { Witness } from "./evidence.ts";
import { isOld } from "./processLines.ts";
import { commandLine, type ToolKind } from "./program.ts";

export interface Cause {
  readonly message: string;
  readonly remedy: string;
  /** It may only need more time. */
  readonly mayCome?: true;
}

const FOREIGN = { bun: "Bun", deno: "Deno", electron: "Electron" } as const;
const VARIABLES = `NODE_OPTIONS and ${SESSION_VARIABLE}`;
const MOST_CHARACTERS = 60;

export function causeOf(witness: Witness, all: readonly Witness[]): Cause {
  const { program } = witness;
  if (program === "bun" || program === "deno" || program === "electron")
    return foreign(witness, FOREIGN[program]);
  if (program === "elsewhere") return elsewhere(witness);
  if (program !== "node") return otherProgram(witness);
  if (witness.alone === "tool") return toolListens(witness);
  if (isOld(witness)) return old(witness);
  if (witness.greeted) return hiddenPort(witness);
  if (witness.stopped) return stopped(witness);
  if (witness.reach === "lost") return lost(witness);
  if (witness.reach === "cleared") return cleared(witness, all);
  return unheard(witness);
}

/** What ran were tools, and what they do is no server; null: not even they ran. */
export function onlyTools(witnesses: readonly Witness[]): Cause | null {
  const tools = witnesses.filter(({ alone }) => alone === "tool");
  // The innermost is the one that was to start the server.
  const last = tools.findLast(({ running }) => running) ?? tools.at(-1);
  if (last === undefined) return null;
  const kind = last.tool ?? "tool";
  const name = nameOf(last);
  const state = last.running ? "runs" : "ran";
  return {
    message: `Of Node, only ${name} ${state}: ${ONLY[kind].does}`,
    remedy: ONLY[kind].remedy,
    mayCome: true,
  };
}

const ONLY: Readonly<Record<ToolKind, { readonly does: string; readonly remedy: string }>> = {
  "package manager": {
    does: "its script has started no Node server.",
    remedy: "Check in package.json what the script does, and pick the one that starts the server.",
  },
  watcher: {
    does: "a watcher, whose program has ended or has not started. It waits for a change.",
    remedy: "What it printed says why: mend that and save a file. The recording goes on.",
  },
  compiler: {
    does: "a compiler, which starts no server.",
    remedy: "Name the command that runs what it compiles, as `node dist/server.js`.",
  },
  tool: {
    does: "a tool, which has started no Node server.",
    remedy: "Name the command that starts the server, as `node server.js`.",
  },
};

function old({ node }: Witness): Cause {
  return {
    message: `The server runs on Node.js ${(node ?? "").replace(/^v/, "")}, which is too old to be measured.`,
    remedy: `Run it with Node.js ${OLDEST_NODE} or newer. A version manager, an .nvmrc or a PATH of the script's own may pick another Node than this terminal's.`,
  };
}

function foreign(witness: Witness, name: string): Cause {
  return {
    message: `${quoted(witness)} runs on ${name}, which Darcy does not measure.`,
    remedy: `Run the server with Node.js ${OLDEST_NODE} or newer.`,
  };
}

function elsewhere(witness: Witness): Cause {
  return {
    message: `${nameOf(witness)} starts the server outside of this command's processes, where Darcy's variables do not reach it.`,
    remedy:
      "Give them to it there: `darcy attach` opens a recording and prints what a container, pm2 or systemd on this machine needs.",
  };
}

function otherProgram(witness: Witness): Cause {
  return {
    message: `${quoted(witness)} listens on port ${witness.ports.join(", ")}, and is not Node.`,
    remedy: `Darcy measures servers that run on Node.js ${OLDEST_NODE} or newer.`,
  };
}

function toolListens(witness: Witness): Cause {
  return {
    message: `Port ${witness.ports.join(", ")} is opened by ${nameOf(witness)}, a ${witness.tool ?? "tool"}, which Darcy leaves alone.`,
    remedy: "Record the server that it is made for, as `node dist/server.js` after a build.",
  };
}

function hiddenPort(witness: Witness): Cause {
  return {
    message: `${quoted(witness)} listens on port ${witness.ports.join(", ")}, in a worker thread or by an add-on, which Darcy does not see.`,
    remedy: "Let the server's main thread listen.",
  };
}

function stopped(witness: Witness): Cause {
  return {
    message: `${quoted(witness)} is stopped by a signal (SIGSTOP, SIGTSTP).`,
    remedy: `Let it go on: kill -CONT ${witness.pid}`,
  };
}

function lost(witness: Witness): Cause {
  const { nodeOptions } = witness;
  const instead = nodeOptions === "" ? "empty" : `"${cut(nodeOptions)}"`;
  const kept = `NODE_OPTIONS="$NODE_OPTIONS${nodeOptions === "" ? "" : ` ${cut(nodeOptions)}`}"`;
  return {
    message: `NODE_OPTIONS is overwritten for ${quoted(witness)}: it is ${instead} there, without Darcy's part.`,
    remedy: `Where it is set (a script in package.json, an .npmrc, a wrapper), keep what is there: ${kept}. Or give the options to node itself.`,
  };
}

function cleared(witness: Witness, all: readonly Witness[]): Cause {
  const by = ancestors(witness, all).find(({ program }) => program === "privilege");
  if (by === undefined)
    return {
      message: `${quoted(witness)} was started with an environment of its own, without ${VARIABLES}.`,
      remedy: `Whoever starts it (\`env -i\`, the \`env\` option of spawn, a service) has to pass both on.`,
    };
  const name = nameOf(by);
  return {
    message: `${name} starts ${quoted(witness)} with an environment of its own, without ${VARIABLES}.`,
    remedy:
      name === "sudo"
        ? `Start Darcy itself with sudo, or let the two pass: sudo --preserve-env=NODE_OPTIONS,${SESSION_VARIABLE} …`
        : "Record the server as the user that it runs as.",
  };
}

function unheard(witness: Witness): Cause {
  const words = [...witness.words, witness.nodeOptions].join(" ");
  if (witness.running && /--inspect-(?:brk|wait)/.test(words))
    return {
      message: `${quoted(witness)} waits for a debugger.`,
      remedy: "Attach one, or start it without --inspect-brk.",
    };
  if (!witness.running)
    return {
      message: `${quoted(witness)} ended before it could report.`,
      remedy: "What it printed says why. Check that the command starts a server that goes on running.",
    };
  return {
    message: `${quoted(witness)} runs, and has not reported: its event loop has not turned yet.`,
    remedy:
      "It computes, or waits in a synchronous call, since its start. Give it time; where it never ends, its output says what it does.",
    mayCome: true,
  };
}

function ancestors(witness: Witness, all: readonly Witness[]): Witness[] {
  const found: Witness[] = [];
  for (let at: Witness | undefined = witness; at !== undefined && found.length < all.length; ) {
    const { parentPid }: Witness = at;
    at = all.find(({ pid }) => pid === parentPid);
    if (at !== undefined) found.push(at);
  }
  return found;
}

function quoted({ words, pid }: Witness): string {
  return `\`${commandLine(words, MOST_CHARACTERS)}\` (process ${pid})`;
}

/** "nodemon", "sudo". */
function nameOf({ words, program }: Witness): string {
  const [first = "", ...rest] = words;
  if (program !== "node") return commandLine([first]);
  if (rest.some((word) => word.startsWith("--watch"))) return "node --watch";
  const entry = rest.find((word) => !word.startsWith("-")) ?? first;
  const dependency = /[\\/]node_modules[\\/](?:\.bin[\\/])?(@[^\\/]+[\\/][^\\/]+|[^\\/]+)/.exec(entry)?.[1];
  return dependency ?? commandLine([entry]).replace(/\.[cm]?js$/, "");
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}
