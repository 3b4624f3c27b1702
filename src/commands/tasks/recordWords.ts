// Commands: the words of `darcy record` that a task of type "darcy" stands for; tasks.json may hold anything. Pure.

import { TOPOLOGIES, type Topology } from "../../protocol/sessionFile.ts";
import { shellCommand } from "../targets/launchCommand.ts";

export interface RecordTask {
  /** A script of package.json; null: `command` holds. */
  readonly script: string | null;
  /** Words, of which a shell's line is made where it was one; null: `script` holds. */
  readonly command: readonly string[] | null;
  /** In the workspace folder; "." is that itself. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Options of `darcy record`. */
  readonly options: readonly string[];
}

/** The user's settings. */
export interface TaskSettings {
  /** 0: as many as fit. */
  readonly workers: number;
  readonly topology: Topology;
  readonly stacksPerSecond: number;
  readonly rests: boolean;
  readonly followPercent: number;
}

/** Where the task has none of its own. With rests it is as the command line does it by itself. */
export function settingWords(settings: TaskSettings, options: readonly string[]): string[] {
  const { workers, topology, stacksPerSecond, rests, followPercent } = settings;
  const has = (option: RegExp) => options.some((each) => option.test(each));
  return [
    ...(has(/^--workers=/) || workers === 0 ? [] : [`--workers=${workers}`]),
    ...(has(/^--topology=/) ? [] : [`--topology=${topology}`]),
    `--stacks=${stacksPerSecond}`,
    ...(has(/^--(no-)?rests$/) || rests ? [] : ["--no-rests"]),
    ...(followPercent > 0 ? [`--follow=${followPercent}`] : []),
  ];
}

/** What is wrong with it, as a sentence. */
export class TaskProblem extends Error {}

const OPTIONS = ["workers", "topology", "load", "connections", "duration", "warmup", "rests", "out"] as const;
const KEYS = new Set<string>(["type", "script", "command", "cwd", "env", ...OPTIONS]);

/** @throws TaskProblem */
export function readRecordTask(
  definition: Readonly<Record<string, unknown>>,
  platform: NodeJS.Platform,
): RecordTask {
  const script = textOf(definition, "script");
  const command = commandOf(definition.command, platform);
  if ((script === null) === (command === null))
    throw new TaskProblem('It needs either "script", a script of package.json, or "command".');
  const unknown = Object.keys(definition).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) throw new TaskProblem(`It has ${unknown.join(", ")}, which Darcy does not know.`);
  return {
    script,
    command,
    cwd: textOf(definition, "cwd") ?? ".",
    environment: environmentOf(definition.env),
    options: OPTIONS.flatMap((name) => optionOf(name, definition[name])),
  };
}

function textOf(definition: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = definition[key];
  if (value === undefined) return null;
  if (typeof value === "string" && value !== "") return value;
  throw new TaskProblem(`"${key}" is to be a text.`);
}

function commandOf(value: unknown, platform: NodeJS.Platform): readonly string[] | null {
  if (value === undefined) return null;
  if (typeof value === "string" && value !== "") return shellCommand(value, platform);
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string"))
    return value;
  throw new TaskProblem('"command" is to be a line or a list of words.');
}

function environmentOf(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [["", null]];
  for (const [name, each] of entries)
    if (typeof each !== "string") throw new TaskProblem(`"env" is to hold texts; ${name || "it"} is none.`);
  return Object.fromEntries(entries) as Record<string, string>;
}

function optionOf(name: (typeof OPTIONS)[number], value: unknown): string[] {
  if (value === undefined) return [];
  if (name === "rests" && typeof value === "boolean") return [value ? "--rests" : "--no-rests"];
  const fits =
    name === "topology"
      ? (TOPOLOGIES as readonly unknown[]).includes(value)
      : name === "load" || name === "out"
        ? typeof value === "string" && value !== ""
        : (name !== "rests" && typeof value === "number" && value >= 0) ||
          (name === "workers" && value === "auto");
  if (!fits)
    throw new TaskProblem(`"${name}" has a value that Darcy does not know: ${JSON.stringify(value)}.`);
  // One word: a value that begins with a dash is none of its own.
  return [`--${name}=${String(value)}`];
}
