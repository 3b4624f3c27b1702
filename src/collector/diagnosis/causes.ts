// Collector, diagnosis: what keeps one process from being measured, in words. Pure.

import { said, t } from "../../model/l10n.ts";
import { OLDEST_NODE } from "../findNode.ts";
import { cleared } from "./cleared.ts";
import type { Witness } from "./evidence.ts";
import { isOld } from "./processLines.ts";
import type { ToolKind } from "./program.ts";
import { ancestors, cut, nameOf, quoted } from "./witnessWords.ts";

export interface Cause {
  readonly message: string;
  readonly remedy: string;
  /** It may only need more time. */
  readonly mayCome?: true;
  /** Of a process that is gone: another one may come. */
  readonly ended?: true;
}

const FOREIGN = { bun: "Bun", deno: "Deno", electron: "Electron" } as const;

export function causeOf(witness: Witness, all: readonly Witness[]): Cause {
  const { program } = witness;
  if (program === "bun" || program === "deno" || program === "electron")
    return foreign(witness, FOREIGN[program]);
  if (program === "elsewhere") return elsewhere(witness);
  if (program !== "node") return otherProgram(witness);
  if (witness.alone === "tool") return toolListens(witness);
  if (isOld(witness)) return old(witness);
  if (witness.greeted) return hiddenPort(witness);
  if (witness.alone === "version") return otherVersion(witness);
  if (witness.stopped) return stopped(witness);
  if (witness.reach === "lost") return lost(witness, all);
  if (witness.reach === "late") return late(witness);
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
  const does = t(ONLY[kind].does);
  return {
    message: last.running
      ? t("Of Node, only {0} runs: {1}", name, does)
      : t("Of Node, only {0} ran: {1}", name, does),
    remedy: t(ONLY[kind].remedy),
    mayCome: true,
    ...(last.running ? {} : { ended: true }),
  };
}

const ONLY: Readonly<Record<ToolKind, { readonly does: string; readonly remedy: string }>> = {
  "package manager": {
    does: said("its script has started no Node server."),
    remedy: said("Check in package.json what the script does, and pick the one that starts the server."),
  },
  watcher: {
    does: said("a watcher, whose program has ended or has not started. It waits for a change."),
    remedy: said("What it printed says why: mend that and save a file. The recording goes on."),
  },
  compiler: {
    does: said("a compiler, which starts no server."),
    remedy: said("Name the command that runs what it compiles, as `node dist/server.js`."),
  },
  "process manager": {
    does: said(
      "a process manager, whose daemon starts the server. Darcy's variables have not reached it there.",
    ),
    remedy: said(
      "`darcy attach` opens a recording and prints them. With them: pm2 restart NAME --update-env; in cluster mode: pm2 update.",
    ),
  },
  tool: {
    does: said("a tool, which has started no Node server."),
    remedy: said("Name the command that starts the server, as `node server.js`."),
  },
};

const TOOL: Readonly<Record<ToolKind, string>> = {
  "package manager": said("package manager"),
  watcher: said("watcher"),
  compiler: said("compiler"),
  "process manager": said("process manager"),
  tool: said("tool"),
};

function old({ node }: Witness): Cause {
  return {
    message: t(
      "The server runs on Node.js {0}, which is too old to be measured.",
      (node ?? "").replace(/^v/, ""),
    ),
    remedy: t(
      "Run it with Node.js {0} or newer. A version manager, an .nvmrc or a PATH of the script's own may pick another Node than this terminal's.",
      OLDEST_NODE,
    ),
  };
}

function foreign(witness: Witness, name: string): Cause {
  return {
    message: t("{0} runs on {1}, which Darcy does not measure.", quoted(witness), name),
    remedy: t("Run the server with Node.js {0} or newer.", OLDEST_NODE),
  };
}

function elsewhere(witness: Witness): Cause {
  return {
    message: t(
      "{0} starts the server outside of this command's processes, where Darcy's variables do not reach it.",
      nameOf(witness),
    ),
    remedy: t(
      "Give them to it there: `darcy attach` opens a recording and prints what a container, pm2 or systemd on this machine needs.",
    ),
  };
}

function otherProgram(witness: Witness): Cause {
  return {
    message: t("{0} listens on port {1}, and is not Node.", quoted(witness), witness.ports.join(", ")),
    remedy: t("Darcy measures servers that run on Node.js {0} or newer.", OLDEST_NODE),
  };
}

function toolListens(witness: Witness): Cause {
  return {
    message: t(
      "Port {0} is opened by {1}, a {2}, which Darcy leaves alone.",
      witness.ports.join(", "),
      nameOf(witness),
      t(TOOL[witness.tool ?? "tool"]),
    ),
    remedy: t("Record the server that it is made for, as `node dist/server.js` after a build."),
  };
}

function hiddenPort(witness: Witness): Cause {
  return {
    message: t(
      "{0} listens on port {1}, in a worker thread or by an add-on, which Darcy does not see.",
      quoted(witness),
      witness.ports.join(", "),
    ),
    remedy: t("Let the server's main thread listen."),
  };
}

function otherVersion(witness: Witness): Cause {
  return {
    message: t(
      "{0} has loaded another version of Darcy, which does not know this recording.",
      quoted(witness),
    ),
    remedy: t(
      "Its NODE_OPTIONS name that version's file: give it this version's instead, and start it again. `darcy attach` and Copy Environment tell both variables.",
    ),
  };
}

function stopped(witness: Witness): Cause {
  return {
    message: t("{0} is stopped by a signal (SIGSTOP, SIGTSTP).", quoted(witness)),
    remedy: t("Let it go on: kill -CONT {0}", witness.pid),
  };
}

function lost(witness: Witness, all: readonly Witness[]): Cause {
  const { nodeOptions } = witness;
  const options = cut(nodeOptions);
  const instead = nodeOptions === "" ? t("empty") : `"${options}"`;
  const after = nodeOptions === "" ? "" : ` ${options}`;
  const kept = `NODE_OPTIONS="$NODE_OPTIONS${after}"`;
  return {
    message: t(
      "NODE_OPTIONS is overwritten for {0}: it is {1} there, without Darcy's part.",
      quoted(witness),
      instead,
    ),
    remedy: ancestors(witness, all).some(isPnpm)
      ? t(
          "Where it is set, keep what is there: in a script {0}, in pnpm-workspace.yaml {1}. Or give the options to node itself.",
          kept,
          `nodeOptions: "\${NODE_OPTIONS:- }${after}"`,
        )
      : t(
          "Where it is set (a script in package.json, nodeOptions in an .npmrc or pnpm-workspace.yaml, a wrapper), keep what is there: {0}. Or give the options to node itself.",
          kept,
        ),
  };
}

/** It gives its scripts a NODE_OPTIONS of its own configuration. */
function isPnpm({ words }: Witness): boolean {
  return words.some((word) => /^(?:.*[\\/])?pnpm(?:\.[cm]?js)?$/.test(word));
}

function late(witness: Witness): Cause {
  return {
    message: t(
      "pm2 runs {0} in cluster mode, where Node starts with the NODE_OPTIONS of pm2's daemon, which lack Darcy's part.",
      quoted(witness),
    ),
    remedy: t(
      "`pm2 update` in the shell with the variables gives them to the daemon (it restarts all that pm2 runs). Or start the server in fork mode: Darcy starts workers of its own.",
    ),
  };
}

function unheard(witness: Witness): Cause {
  const words = [...witness.words, witness.nodeOptions].join(" ");
  if (witness.running && /--inspect-(?:brk|wait)/.test(words))
    return {
      message: t("{0} waits for a debugger.", quoted(witness)),
      remedy: t("Attach one, or start it without --inspect-brk."),
    };
  if (!witness.running)
    return {
      message: t("{0} ended before it could report.", quoted(witness)),
      remedy: t("What it printed says why. Check that the command starts a server that goes on running."),
      ended: true,
    };
  return {
    message: t("{0} runs, and has not reported: its event loop has not turned yet.", quoted(witness)),
    remedy: t(
      "It computes, or waits in a synchronous call, since its start. Give it time; where it never ends, its output says what it does.",
    ),
    mayCome: true,
  };
}
