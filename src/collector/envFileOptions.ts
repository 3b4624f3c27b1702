// Collector: `node --env-file` takes NODE_OPTIONS of the file only where the environment has none, and ours is there.
// So they are handed over with ours where the command says the file, and missed aloud where a script does.

import { basename, resolve } from "node:path";
import { parseEnv } from "node:util";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { HelloMessage, NoticeMessage } from "../protocol/wire.ts";
import type { SessionOptions } from "./sessionOptions.ts";
import { readSmallFile } from "./smallFile.ts";

const NODE = /^node(?:js)?(?:\.exe)?$/i;
const ENV_FILE = /^--env-file(?:-if-exists)?(?:=(.*))?$/;
/** Node's options whose value may be the next word. */
const WITH_VALUE = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
]);
const MOST_CHARACTERS = 200;

/** The server's own environment, with what its command's files would set NODE_OPTIONS to. */
export function withEnvFiles({
  command,
  cwd,
  baseEnvironment: base,
}: Pick<SessionOptions, "command" | "cwd" | "baseEnvironment">): NodeJS.ProcessEnv {
  const [file = "", ...words] = command;
  if (base.NODE_OPTIONS !== undefined || !NODE.test(basename(file))) return base;
  const options = envFileOptions(words, cwd);
  return options === null ? base : { ...base, NODE_OPTIONS: options };
}

/** Whether a process that said hello would have them without us and has not; null: it lacks none. */
export function missedOptions(
  { execArgv, cwd, threadId }: Pick<HelloMessage, "execArgv" | "cwd" | "threadId">,
  base: NodeJS.ProcessEnv,
  given: NodeJS.ProcessEnv,
): Omit<NoticeMessage, "type"> | null {
  if (threadId !== 0 || base.NODE_OPTIONS !== undefined) return null;
  const options = envFileOptions(execArgv, cwd);
  if (options === null || (given.NODE_OPTIONS ?? "").startsWith(options)) return null;
  const text = fill(NOTICES.optionsMissed, options.slice(0, MOST_CHARACTERS));
  return { code: "options-missed", severity: "warning", text };
}

/** What the files that Node's own options name set NODE_OPTIONS to; null: nothing. */
export function envFileOptions(words: readonly string[], cwd: string): string | null {
  let options: string | null = null;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) break;
    const match = ENV_FILE.exec(word);
    if (match !== null) {
      const path = match[1] ?? words[++at];
      // As in Node, of several files the later ones count.
      if (path !== undefined) options = optionsIn(resolve(cwd, path)) ?? options;
    } else if (WITH_VALUE.has(word)) at++;
  }
  return options;
}

function optionsIn(file: string): string | null {
  // Node 20.12 has it.
  if (typeof parseEnv !== "function") return null;
  const text = readSmallFile(file);
  try {
    const options = text === null ? "" : (parseEnv(text).NODE_OPTIONS?.trim() ?? "");
    return options === "" ? null : options;
  } catch {
    return null;
  }
}
