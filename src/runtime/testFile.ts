// Runtime: whether this process runs a test file for `node --test`. The runner is left alone, and so are its files, which
// would do twice what they do. What they start themselves is a server as any: it inherits the runner's variable, too.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BYSTANDERS_FILE, type Bystander, SESSION_VARIABLE } from "../protocol/sessionFile.ts";

/** Never throws. */
export function isTestFile(environment: NodeJS.ProcessEnv, parentPid: number): boolean {
  const { NODE_TEST_CONTEXT: context, [SESSION_VARIABLE]: session = "" } = environment;
  if (context === undefined || session === "") return false;
  try {
    // The runner has noted itself before it started anything.
    return readFileSync(join(dirname(session), BYSTANDERS_FILE), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Bystander)
      .some(({ pid, words }) => pid === parentPid && words.includes("--test"));
  } catch {
    return false;
  }
}
