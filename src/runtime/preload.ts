// Runtime: the entry, loaded by the gate that `--require` names, in every Node process and worker thread that the user's command
// starts. Whatever goes wrong in here stays in here: the server runs as if we were not there.

import { noteBystander } from "./bystander.ts";
import { readEnvironment } from "./environment.ts";
import { isServerCandidate } from "./guards.ts";
import { MeasuredThread } from "./measuredThread.ts";
import { installModuleWatch } from "./moduleWatch.ts";
import { installSymmetric } from "./symmetric/install.ts";
import { isPeerThread } from "./symmetric/threadGuise.ts";
import { isTestFile } from "./testFile.ts";
import { isInternalThread, isMainThread } from "./threadIdentity.ts";

const LOADED = Symbol.for("darcy.loaded");

try {
  start();
} catch {
  // Nothing is said in the user's process; the collector reports that nobody came.
}

function start(): void {
  const marked = globalThis as { [LOADED]?: true };
  if (marked[LOADED] === true || isInternalThread) return;
  if (!isServerCandidate(process.argv, process.execArgv) || isTestFile(process.env, process.ppid)) {
    if (isMainThread) noteBystander("tool");
    return;
  }
  const environment = readEnvironment(process.env);
  if (environment === null) return;
  if (environment === "version") {
    if (isMainThread) noteBystander("version");
    return;
  }
  // Not before: where another version's preload comes first, the one that this session is for may follow.
  Object.defineProperty(globalThis, LOADED, { value: true });
  installModuleWatch();
  const thread = new MeasuredThread(environment);
  if (isMainThread || isPeerThread()) {
    installSymmetric({
      session: environment.session,
      peer: environment.peer,
      sessionFolder: environment.sessionFolder,
      preloadPath: __filename,
      listening: (message) => thread.send({ type: "listening", ...message }),
      notice: (message) => thread.send({ type: "notice", ...message }),
      quietly: (action) => thread.quietly(action),
    });
  }
  thread.start();
}
