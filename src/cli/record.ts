// Command line: `darcy record`: words, one recording, its file and its report.

import { resolve } from "node:path";
import { checkCommand } from "../collector/checkCommand.ts";
import { findNode } from "../collector/findNode.ts";
import { checkWritable } from "../collector/profileFile.ts";
import { Session } from "../collector/session.ts";
import { DEFAULT_REST } from "../collector/sessionOptions.ts";
import type { Profile } from "../model/profile.ts";
import { DEFAULT_SAMPLING } from "../protocol/sessionFile.ts";
import { resolveSources } from "../sources/resolve.ts";
import type { RecordArguments } from "./arguments.ts";
import { keepRecording } from "./keepRecording.ts";
import { defaultFileName } from "./outputName.ts";
import { Recording } from "./recording.ts";
import { printText } from "./report.ts";

/** Interrupted before there was anything to report. */
const INTERRUPTED = 130;
/** The server died while it was recorded; what it did before is reported and saved. */
const DIED = 3;
/** The exit code. @throws UserError */
export async function record(words: RecordArguments, distFolder: string): Promise<number> {
  const out = resolve(process.cwd(), words.out ?? defaultFileName(words.command, new Date()));
  await checkWritable(out);
  const recorded = await recordOnce(words, distFolder, async ({ profile, say }) => {
    const resolved = await resolveSources(profile);
    printText(resolved, null);
    await keepRecording(out, resolved);
    say(`Saved ${out}. Open it in VS Code, or: darcy report ${JSON.stringify(out)}`);
  });
  if (recorded === null) return INTERRUPTED;
  return recorded.died ? DIED : 0;
}

export interface Recorded {
  readonly profile: Profile;
  /** The server died meanwhile. */
  readonly died: boolean;
  /** By Ctrl-C or its like: it was shorter than asked. */
  readonly interrupted: boolean;
  say(text: string): void;
}

/** Null when it was interrupted before it measured. `then`: while the server is still ours to end. @throws UserError */
export async function recordOnce(
  words: RecordArguments,
  distFolder: string,
  then: (recorded: Recorded) => Promise<void> = async () => {},
): Promise<Recorded | null> {
  const cwd = process.cwd();
  checkCommand(words.command, cwd, process.env);
  const node = await findNode(words.command, cwd, process.env, process.execPath);
  const session = await Session.open({
    command: words.command,
    cwd,
    workers: words.workers,
    topology: words.topology,
    warmupMs: words.warmupMs,
    sampling: {
      ...DEFAULT_SAMPLING,
      categories: words.categories,
      stacksPerSecond: words.stacksPerSecond,
      followedShare: words.followedShare,
    },
    rest: words.rests ? DEFAULT_REST : null,
    distFolder,
    nodePath: node.path,
    baseEnvironment: process.env,
  });
  const recording = new Recording(words, session, distFolder);
  try {
    const profile = await recording.run(cwd);
    if (profile === null) return null;
    const { progress, died, interrupted } = recording;
    const recorded = { profile, died, interrupted, say: (text: string) => progress.say(text) };
    await then(recorded);
    return recorded;
  } finally {
    await recording.dispose();
  }
}
