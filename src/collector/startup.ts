// Collector: waits until the launched server listens, and says exactly why when it does not.

import { once } from "node:events";
import { UserError } from "../common/errors.ts";
import type { Diagnosis } from "./diagnosis/diagnose.ts";
import type { WhyNoData } from "./diagnosis/whyNoData.ts";
import { OLDEST_NODE } from "./findNode.ts";
import { type Exit, howItEnded, type Launched } from "./launch.ts";
import type { Session } from "./session.ts";

const WORKERS_DEADLINE_MS = 8_000;
/** The others start at once, and share the processors; a compiler in each of them (ts-node) takes its time. */
const TIMES_THE_FIRST = 3;

/** How long the other workers may take after the first: the server runs, so it is measured with fewer then. */
export function workersDeadline(firstMs: number): number {
  return Math.ceil(Math.max(WORKERS_DEADLINE_MS, TIMES_THE_FIRST * firstMs));
}

/** @throws UserError with the reason when it exits first or does not listen in time */
export async function untilListening(
  session: Session,
  server: Pick<Launched, "exited" | "errorTail">,
  timeoutMs: number,
  command: readonly string[],
  why: Pick<WhyNoData, "ask">,
): Promise<void> {
  const outcome = await Promise.race([
    until(session, () => session.listening !== null, timeoutMs),
    server.exited.then((exit) => ({ exit })),
  ]);
  // It may have listened, answered its load and ended, all before we looked.
  if (outcome === true || session.listening !== null) return;
  if (outcome === false) throw timeoutError(session, timeoutMs, await why.ask(true));
  throw exitError(session, outcome.exit, server.errorTail, command, await why.ask(false));
}

/** Whether all the workers that peer 0 means to run listen before the deadline. */
export function untilAllListen(session: Session, deadlineMs: number): Promise<boolean> {
  return until(session, () => session.serverWorkers >= (session.listening?.workers ?? 1), deadlineMs);
}

/** @param crashLoop whether it was told that one of them ended again and again, with what to do */
export function missingWorkers(missing: number, workers: number, crashLoop: boolean): string {
  const fact = `${missing} of ${workers} workers did not come to listen.`;
  const whose = missing === 1 ? "Its" : "Their";
  return crashLoop
    ? fact
    : `${fact} ${whose} own output may say why. A server that can run only once, as for a UDP port or a lock file, is recorded with --workers 1.`;
}

async function until(session: Session, reached: () => boolean, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  while (!reached()) {
    try {
      await once(session, "workers", { signal });
    } catch {
      return reached();
    }
  }
  return true;
}

export function exitError(
  session: Pick<Session, "workers">,
  exit: Exit,
  errorTail: string,
  command: readonly string[],
  diagnosis: Diagnosis | null = null,
): UserError {
  const port = portInUse(errorTail);
  if (port !== null) {
    return new UserError(
      `The server could not listen: ${port} is in use.`,
      "End the program that uses it, or let the server listen elsewhere.",
    );
  }
  const without = `Try it without Darcy: ${command.join(" ")}`;
  if (session.workers.length === 0 && exit.code === 0) {
    return withCause("The command ended before any Node process of it reported.", diagnosis, without);
  }
  if (exit.code === 0) {
    return new UserError(
      "The command ended by itself, without an error, before anything listened.",
      `Darcy measures servers: name the script that listens on a port. ${without}`,
    );
  }
  return new UserError(
    `The server ended ${howItEnded(exit)} before it listened.`,
    `What it printed says why. ${without}`,
    { details: detailsOf(diagnosis) },
  );
}

/** "port 3000", as Node words it: `listen EADDRINUSE: address already in use :::3000`. */
function portInUse(errorTail: string): string | null {
  const found = /EADDRINUSE[^\n]*?address already in use (\S+)/.exec(errorTail);
  const address = found?.[1];
  if (address === undefined) return errorTail.includes("EADDRINUSE") ? "its port" : null;
  const port = /:(\d+)$/.exec(address)?.[1];
  return port === undefined ? address : `port ${port}`;
}

export function timeoutError(
  session: Pick<Session, "workers" | "refused">,
  timeoutMs: number,
  diagnosis: Diagnosis | null = null,
): UserError {
  const seconds = `${timeoutMs / 1_000} s`;
  const slower = "If it takes longer to start, say so: --start-timeout SECONDS";
  if (session.workers.length > 0) {
    return withCause(
      `A Node process of the command runs, but nothing listened within ${seconds}.`,
      diagnosis,
      "Darcy measures servers.",
      slower,
    );
  }
  if (session.refused.count > 0) {
    return new UserError(
      `No worker could be measured: ${session.refused.reason}.`,
      "If several versions of Darcy are installed, stop the other recording first.",
    );
  }
  return withCause(
    `No Node process of the command reported within ${seconds}.`,
    diagnosis,
    `The command must start Node ${OLDEST_NODE} or newer on this machine (not in a container) and must not clear NODE_OPTIONS.`,
    slower,
  );
}

/** @param otherwise what to do where no cause is known */
function withCause(message: string, diagnosis: Diagnosis | null, otherwise: string, always = ""): UserError {
  const cause = diagnosis === null ? "" : ` ${diagnosis.message}`;
  const slower = diagnosis?.mayCome === false ? "" : always;
  const remedy = `${diagnosis?.remedy ?? otherwise} ${slower}`.trimEnd();
  return new UserError(`${message}${cause}`, remedy, { details: detailsOf(diagnosis) });
}

function detailsOf(diagnosis: Diagnosis | null): readonly string[] {
  if (diagnosis === null || diagnosis.processes.length === 0) return [];
  return ["What ran:", ...diagnosis.processes.map((line) => `  ${line}`)];
}
