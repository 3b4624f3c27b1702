// Runtime, symmetric: what peer 0 says of a server that it does not replicate.

import type { NoticeMessage } from "../../protocol/wire.ts";
import type { Entry } from "./messages.ts";

export class FirstPeerNotices {
  private toldUnixSocket = false;
  private toldDevelopment = false;

  constructor(private readonly notice: (message: Omit<NoticeMessage, "type">) => void) {}

  unixSocket(entries: readonly Entry[]): void {
    const pipe = entries.find(({ wanted }) => wanted.kind === "pipe");
    if (pipe === undefined || this.toldUnixSocket) return;
    this.toldUnixSocket = true;
    this.notice({
      code: "unix-socket",
      severity: "info",
      text: `The server listens on the Unix socket or pipe ${pipe.address}, which several workers can't share: one worker serves it.`,
    });
  }

  developmentServer(): void {
    if (this.toldDevelopment) return;
    this.toldDevelopment = true;
    this.notice({
      code: "development-server",
      severity: "info",
      text: "This is a development server, which compiles into a folder that only one process may use: it runs with one worker. Record the production server to see it on several.",
    });
  }

  cluster(): void {
    this.notice({
      code: "user-cluster",
      severity: "info",
      text: "The server runs a cluster of its own: its workers are measured, none are added.",
    });
  }

  taken(): void {
    this.notice({
      code: "topology-fallback",
      severity: "info",
      text: "Another server of this recording was there first and has the workers: this one runs with one.",
    });
  }

  /** Under Node's permission model no process may be started. */
  notStarted(error: unknown): void {
    const reason = error instanceof Error ? error.message : "unknown error";
    this.notice({
      code: "topology-fallback",
      severity: "warning",
      text: `The other workers could not be started: ${reason}.`,
    });
  }
}
