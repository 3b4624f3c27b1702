// Command line: says when a watcher or a process manager has started the server anew: the recording goes on.

import type { Session } from "../collector/session.ts";
import { hasReplaced } from "../model/restarts.ts";

/** Each new process of the server once, when it listens. */
export function tellRestarts(session: Session, say: (text: string) => void): void {
  let known = session.listening === null ? null : session.serverPid;
  session.on("workers", () => {
    const pid = session.listening === null ? null : session.serverPid;
    if (pid === null || pid === known) return;
    if (known !== null && hasReplaced(session.workers, pid, known))
      say(`The server was restarted (process ${pid} after ${known}). The recording goes on.`);
    known = pid;
  });
}
