// Runtime: a process that is left alone leaves a line in the session's own folder, so that the user can be told which
// processes ran when none was the server. In syntax and calls that a Node from 10 on knows.

import { appendFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  BYSTANDERS_FILE,
  type Bystander,
  MAX_BYSTANDERS_BYTES,
  SESSION_VARIABLE,
} from "../protocol/sessionFile.ts";

const MOST_WORDS = 12;
const MOST_CHARACTERS = 200;

/** Never throws. */
export function noteBystander(why: Bystander["why"]): void {
  try {
    const session = process.env[SESSION_VARIABLE];
    if (session === undefined || session === "" || !statSync(session).isFile()) return;
    const file = join(dirname(session), BYSTANDERS_FILE);
    if (sizeOf(file) > MAX_BYSTANDERS_BYTES) return;
    const words = [...process.execArgv, ...process.argv.slice(1)];
    const line: Bystander = {
      pid: process.pid,
      parentPid: process.ppid,
      node: process.version,
      why,
      words: words.slice(0, MOST_WORDS).map((word) => word.slice(0, MOST_CHARACTERS)),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // The session is over, or Node may not write here (--permission).
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
