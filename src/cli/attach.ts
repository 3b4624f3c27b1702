// Command line: `darcy attach`: opens a recording, prints the variables that let a server join it which Darcy does not start
// itself (a container, pm2, systemd), and records whoever joins until Ctrl-C.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { whyNoRequest } from "../collector/diagnosis/whyNoRequest.ts";
import {
  dockerOptions,
  environmentFile,
  exportLines,
  externalServer,
  systemdLines,
} from "../collector/externalServer.ts";
import { nodeOnPath } from "../collector/findNode.ts";
import { checkWritable } from "../collector/profileFile.ts";
import { Session } from "../collector/session.ts";
import { DEFAULT_REST } from "../collector/sessionOptions.ts";
import { errorCode, errorText, UserError } from "../common/errors.ts";
import { DEFAULT_SAMPLING, SESSION_VARIABLE } from "../protocol/sessionFile.ts";
import { printable } from "../report/columns.ts";
import { resolveSources } from "../sources/resolve.ts";
import type { AttachArguments } from "./arguments.ts";
import { Interrupts } from "./interrupts.ts";
import { keepRecording } from "./keepRecording.ts";
import { tellNotice } from "./noticeNews.ts";
import { hasRequests, nothingMeasured } from "./outcome.ts";
import { defaultFileName } from "./outputName.ts";
import { Progress } from "./progress.ts";
import { printText } from "./report.ts";
import { tellRestarts } from "./restartNews.ts";
import { tellSilence } from "./silenceNews.ts";

const TICK_MS = 250;
/** Interrupted before there was anything to report. */
const INTERRUPTED = 130;
/** What an earlier `attach` has written. */
const EARLIER = new RegExp(`^NODE_OPTIONS=.*\\n${SESSION_VARIABLE}=.*\\n$`);

/** The exit code. @throws UserError */
export async function attach(words: AttachArguments, distFolder: string): Promise<number> {
  const cwd = process.cwd();
  const out = resolve(cwd, words.out ?? defaultFileName(words.command, new Date()));
  await checkWritable(out);
  const { NODE_OPTIONS: _ours, ...base } = process.env;
  const session = await Session.open({
    command: words.command,
    cwd,
    workers: words.workers,
    topology: words.topology,
    warmupMs: 0,
    sampling: {
      ...DEFAULT_SAMPLING,
      categories: words.categories,
      stacksPerSecond: words.stacksPerSecond,
      followedShare: words.followedShare,
    },
    rest: words.rests ? DEFAULT_REST : null,
    distFolder,
    nodePath: nodeOnPath(process.env, cwd) ?? process.execPath,
    baseEnvironment: base,
  });
  const interrupts = new Interrupts(() => process.exit(130));
  const progress = new Progress(process.stderr, process.env);
  const silence = tellSilence(session, (text) => progress.say(text), {
    title: "The server",
    command: words.command,
    external: true,
  });
  try {
    session.on("notice", (notice) => tellNotice(notice, cwd, (text) => progress.say(text)));
    tellRestarts(session, (text) => progress.say(text));
    progress.say("Calibrating this machine…");
    await Promise.race([session.calibrate(), interrupts.first]);
    if (interrupts.signal !== null) return INTERRUPTED;
    // Its looks at all processes would disturb the calibration.
    await tellVariables(session, distFolder, words.environmentFile);
    silence.begin(null);
    await untilJoined(session, interrupts);
    if (session.listening === null) {
      const found = await silence.diagnose(true);
      progress.clear();
      const why = found?.known === true ? [` ${found.message}`, found.remedy, ...found.processes] : [""];
      process.stderr.write(`No server has joined.${why.map(printable).join("\n")}\n`);
      return INTERRUPTED;
    }
    progress.say("A server has joined. Send it requests now. Ctrl-C ends the recording, not the server.");
    await measure(session, interrupts, progress, words.durationMs);
    await session.stopMeasuring();
    progress.clear();
    const seen = await whyNoRequest(session);
    const profile = await session.close();
    if (!hasRequests(profile)) throw nothingMeasured(null, null, seen);
    const resolved = await resolveSources(profile);
    printText(resolved, null);
    progress.say(
      "Take the variables away again where the server keeps them (pm2, systemd): docs/launching.md.",
    );
    await keepRecording(out, resolved);
    progress.say(`Saved ${out}. Open it in VS Code, or: darcy report ${JSON.stringify(out)}`);
    return 0;
  } finally {
    progress.clear();
    silence.stop();
    await session.close();
    interrupts.dispose();
  }
}

async function tellVariables(session: Session, distFolder: string, file: string | null): Promise<void> {
  const server = externalServer(session.environment, [session.folderPath, distFolder]);
  if (file !== null) await writeVariables(file, environmentFile(server));
  // Plain lines, which can be copied as they are.
  process.stderr.write(
    [
      "Start the server as the same user, on this machine, with these variables:",
      "",
      exportLines(server),
      "  pm2      in that shell: pm2 restart NAME --update-env (cluster mode: pm2 update)",
      `  docker   docker run ${dockerOptions(server)} …`,
      "  systemd  systemctl edit NAME (with PrivateTmp=yes the folder is not seen):",
      "",
      systemdLines(server),
      file === null
        ? "Waiting for it. Ctrl-C ends."
        : `They stand in ${file}, too. Waiting for the server. Ctrl-C ends.`,
      "",
    ].join("\n"),
  );
}

/** Over an earlier one of its kind, but over nothing else. @throws UserError */
async function writeVariables(file: string, text: string): Promise<void> {
  const before = await readFile(file, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return null;
    throw unwritable(file, error);
  });
  if (before !== null && !EARLIER.test(before))
    throw new UserError(
      `${file} is there already, and holds more than Darcy's variables.`,
      "Name another file with --env FILE.",
    );
  await writeFile(file, text, { mode: 0o600 }).catch((error: unknown) => {
    throw unwritable(file, error);
  });
}

function unwritable(file: string, error: unknown): UserError {
  const text = `${file} could not be written: ${errorText(error)}.`;
  return new UserError(text, "Name another file with --env FILE.", { cause: error });
}

async function untilJoined(session: Session, interrupts: Interrupts): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => session.listening !== null && resolve();
    session.on("workers", look);
    void interrupts.first.then(() => resolve());
    look();
  });
}

/** Until its time is up (null: never) or an interrupt. The servers may leave and come back meanwhile. */
async function measure(
  session: Session,
  interrupts: Interrupts,
  progress: Progress,
  durationMs: number | null,
): Promise<void> {
  await session.startMeasuring();
  const began = performance.now();
  while (interrupts.signal === null) {
    const elapsedMs = performance.now() - began;
    if (durationMs !== null && elapsedMs >= durationMs) return;
    progress.update(session, "recording", elapsedMs);
    const leftMs = durationMs === null ? TICK_MS : Math.min(TICK_MS, durationMs - elapsedMs);
    await Promise.race([delay(leftMs), interrupts.first]);
  }
}
