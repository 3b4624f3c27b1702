// Collector, diagnosis: why there is no data: the first cause that the command's processes show, and what to do about it.
// Pure.

import { t } from "../../model/l10n.ts";
import { OLDEST_NODE } from "../findNode.ts";
import { type Cause, causeOf, onlyTools } from "./causes.ts";
import type { Witness } from "./evidence.ts";
import { isOld, processLines } from "./processLines.ts";

/** Where Node's debugger listens by itself, or a few further on. */
const INSPECTOR = 9_229;

/** `silent`: nobody has said hello; `deaf`: somebody has, and nobody has listened; `left`: who has listened does so no longer. */
export type Stage = "silent" | "deaf" | "left";

export interface Diagnosis {
  /** A whole sentence. */
  readonly message: string;
  readonly remedy: string;
  /** It may only need more time. */
  readonly mayCome: boolean;
  /** It is told of a process that is gone: another one may come. */
  readonly ended: boolean;
  /** A cause was found; else the words hold for any command. */
  readonly known: boolean;
  /** What ran, a line a process; empty where it is not known. */
  readonly processes: readonly string[];
}

/** @param running whether the command itself still runs */
export function diagnose(stage: Stage, witnesses: readonly Witness[], running: boolean): Diagnosis {
  const cause = CAUSES[stage](witnesses);
  const processes = processLines(witnesses);
  return {
    mayCome: false,
    ended: false,
    ...(cause ?? unknown(stage, running)),
    known: cause !== null,
    processes,
  };
}

const CAUSES: Readonly<Record<Stage, (witnesses: readonly Witness[]) => Cause | null>> = {
  silent: whySilent,
  deaf: whyDeaf,
  left: whyLeft,
};

function whySilent(witnesses: readonly Witness[]): Cause | null {
  const suspect = firstSuspect(witnesses);
  if (suspect !== null) return causeOf(suspect, witnesses);
  const elsewhere = witnesses.find(({ program }) => program === "elsewhere");
  if (elsewhere !== undefined) return causeOf(elsewhere, witnesses);
  return onlyTools(witnesses);
}

function whyDeaf(witnesses: readonly Witness[]): Cause | null {
  const listens = listening(witnesses);
  if (listens !== undefined) return causeOf(listens, witnesses);
  // One that has reported may only have started the one that counts.
  const hidden = witnesses.find((each) => isServerLike(each) && each.running && each.reach !== "loaded");
  if (hidden !== undefined && hidden.reach !== "unknown") return causeOf(hidden, witnesses);
  const old = witnesses.find((each) => each.running && isOld(each) && each.alone !== "tool");
  return old === undefined ? null : causeOf(old, witnesses);
}

/** The server has ended, and what started it goes on: a watcher that waits for a change. */
function whyLeft(witnesses: readonly Witness[]): Cause | null {
  const goesOn = witnesses.some(
    ({ program, alone, running }) => program === "node" && alone !== "tool" && running,
  );
  return whyDeaf(witnesses) ?? (goesOn ? null : onlyTools(witnesses));
}

/** The process that is most likely the server: who has a port, then who still runs, then Node before others. */
function firstSuspect(witnesses: readonly Witness[]): Witness | null {
  const foreign = witnesses.filter(({ program }) => ["bun", "deno", "electron"].includes(program));
  const nodes = witnesses.filter(isServerLike);
  const inOrder = [
    listening(witnesses),
    nodes.find(({ running }) => running),
    foreign.find(({ running }) => running),
    nodes.find((each) => isOld(each) || each.reach === "lost" || each.reach === "cleared"),
    foreign[0],
    // While a watcher waits for a change, what it ran has ended as it may.
    witnesses.some(({ tool, running }) => running && tool === "watcher") ? undefined : nodes[0],
  ];
  return inOrder.find((each) => each !== undefined) ?? null;
}

/** Who has a port that may be the server's: a debugger's is none, and a database beside a Node that still runs is not it. */
function listening(witnesses: readonly Witness[]): Witness | undefined {
  const node = witnesses.find(
    ({ program, ports }) =>
      program === "node" && ports.some((port) => port < INSPECTOR || port > INSPECTOR + 9),
  );
  const stillRuns = witnesses.some(
    ({ program, alone, running }) => program === "node" && alone !== "tool" && running,
  );
  return (
    node ??
    (stillRuns ? undefined : witnesses.find(({ program, ports }) => program !== "node" && ports.length > 0))
  );
}

function isServerLike({ program, alone, greeted }: Witness): boolean {
  return program === "node" && alone !== "tool" && !greeted;
}

function unknown(stage: Stage, running: boolean): Cause {
  if (stage === "left")
    return {
      message: t("None of its processes has a port open."),
      mayCome: true,
      remedy: t("What it printed in its terminal says why."),
    };
  if (stage === "deaf")
    return {
      message: t("It has opened no TCP port."),
      mayCome: true,
      remedy: t(
        "Darcy measures servers that listen on a TCP port. See in its output what it waits for, as a database that does not answer.",
      ),
    };
  return {
    message: running
      ? t("The command has started none yet.")
      : t("It has started none that can be measured."),
    mayCome: true,
    remedy: t(
      "The command must start Node.js {0} or newer on this machine, with NODE_OPTIONS as Darcy sets it. What it printed may say what it does instead.",
      OLDEST_NODE,
    ),
  };
}
