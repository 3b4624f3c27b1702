// Collector, diagnosis: follows a session's processes until somebody listens, and says why nobody does when asked.

import type { Session } from "../session.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { gather } from "./evidence.ts";
import { ProcessWatch } from "./processWatch.ts";

type Followed = Pick<Session, "folderPath" | "sessionFile" | "greeted" | "listening" | "on" | "off">;

export class WhyNoData {
  private readonly watch: ProcessWatch;
  private listened = false;
  private readonly follow = () => {
    if (this.session.listening === null) return;
    this.listened = true;
    this.stop();
  };

  /** @param root the command's process; null where the server's processes come by themselves */
  constructor(
    private readonly session: Followed,
    root: number | null,
  ) {
    this.watch = new ProcessWatch(root, session.sessionFile);
    session.on("workers", this.follow);
  }

  /**
   * Before the session closes: its folder holds what processes noted. Never throws.
   * @param running whether the command itself still runs
   */
  async ask(running: boolean): Promise<Diagnosis> {
    const { folderPath, sessionFile, greeted } = this.session;
    const witnesses = await gather(folderPath, sessionFile, await this.watch.read(), greeted);
    const stage = greeted.length === 0 ? "silent" : this.listened ? "left" : "deaf";
    return diagnose(stage, witnesses, running);
  }

  stop(): void {
    this.watch.stop();
    this.session.off("workers", this.follow);
  }
}
