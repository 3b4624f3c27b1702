// Command line: what is said on stderr while a recording goes on: one live line on a terminal, plain lines elsewhere.

import type { Measuring } from "../collector/live.ts";
import { formatCount, formatTime } from "../model/format.ts";
import { printable } from "../report/columns.ts";

/** Without a terminal nobody watches the clock: a line now and then shows that it goes on. */
const PLAIN_INTERVAL_MS = 5_000;
const CLEAR_LINE = "\r\u001b[K";

/** Of a session. */
export interface InProgress {
  readonly measuring: Measuring;
  readonly resting: boolean;
  readonly listeningWorkers: number;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class Progress {
  private readonly live: boolean;
  private readonly colour: boolean;
  private shown = false;
  private lastPlainMs = 0;

  constructor(
    private readonly stream: ProgressStream,
    environment: NodeJS.ProcessEnv,
  ) {
    this.live = stream.isTTY === true && environment.TERM !== "dumb";
    this.colour = this.live && (environment.NO_COLOR ?? "") === "";
  }

  /** A line that stays. Parts of it are the server's words. */
  say(text: string): void {
    this.clear();
    this.stream.write(`${this.dim("darcy ")} ${printable(text)}\n`);
  }

  /** The line that is replaced by the next one. */
  update(session: InProgress, phase: string, elapsedMs: number): void {
    const text = progressText(session, phase, elapsedMs);
    if (this.live) {
      this.stream.write(`${CLEAR_LINE}${this.dim("darcy ")} ${text}`);
      this.shown = true;
      return;
    }
    // The clock starts anew with each phase.
    if (elapsedMs < this.lastPlainMs) this.lastPlainMs = 0;
    if (elapsedMs - this.lastPlainMs < PLAIN_INTERVAL_MS) return;
    this.lastPlainMs = elapsedMs;
    this.stream.write(`darcy  ${text}\n`);
  }

  clear(): void {
    if (this.shown) this.stream.write(CLEAR_LINE);
    this.shown = false;
  }

  private dim(text: string): string {
    return this.colour ? `\u001b[2m${text}\u001b[22m` : text;
  }
}

export function progressText(
  { measuring, resting, listeningWorkers: workers }: InProgress,
  phase: string,
  elapsedMs: number,
): string {
  const { requestsPerSecond, p50Micros } = measuring;
  const parts = [`${resting ? "resting" : phase} ${clock(elapsedMs)}`];
  if (requestsPerSecond === null || (requestsPerSecond === 0 && measuring.requests === 0))
    parts.push("no request yet");
  // In a rest the newest one would stand still.
  else if (!resting) parts.push(`${formatCount(requestsPerSecond)} req/s`);
  if (p50Micros !== null) parts.push(`p50 ${formatTime(p50Micros)}`);
  parts.push(workers === 1 ? "1 worker" : `${workers} workers`);
  return parts.join("  ");
}

/** 0:07, 12:30. */
function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
