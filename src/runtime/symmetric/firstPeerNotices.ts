// Runtime, symmetric: what peer 0 says of a server that it does not replicate.

import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { NoticeMessage } from "../../protocol/wire.ts";
import { portsOf } from "./givenState.ts";
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
      text: fill(NOTICES.pipe, pipe.address),
    });
  }

  developmentServer(): void {
    if (this.toldDevelopment) return;
    this.toldDevelopment = true;
    this.notice({
      code: "development-server",
      severity: "info",
      text: NOTICES.development,
    });
  }

  cluster(): void {
    this.notice({
      code: "user-cluster",
      severity: "info",
      text: NOTICES.cluster,
    });
  }

  /** @param theirs ports, as they are shown */
  taken(theirs: string | null, ours: readonly Entry[]): void {
    this.notice({
      code: "topology-fallback",
      severity: "info",
      text: fill(NOTICES.taken, theirs ?? "?", portsOf(ours)),
    });
  }

  /** Under Node's permission model no process may be started. */
  notStarted(error: unknown): void {
    const reason = error instanceof Error ? error.message : "unknown error";
    this.notice({
      code: "topology-fallback",
      severity: "warning",
      text: fill(NOTICES.notStarted, reason),
    });
  }
}
