// Command line: words to what is to be done.

import { parseArgs } from "node:util";
import { workersThatFit } from "../collector/processorLimit.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import { DEFAULT_SAMPLING, TOPOLOGIES, type Topology } from "../protocol/sessionFile.ts";
import {
  type FileInvocation,
  parseCheck,
  parseCompare,
  parseExport,
  parseMcp,
  parseReport,
} from "./fileArguments.ts";
import {
  joinNegatives,
  MIN_SECONDS,
  noOption,
  oneOf,
  read,
  seconds,
  suggestion,
  text,
  UsageError,
  whole,
} from "./options.ts";
import { measuresBySpells } from "./rests.ts";

export interface RecordArguments {
  readonly kind: "record";
  readonly command: readonly string[];
  readonly workers: number;
  readonly topology: Topology;
  /** More than one: the topology lab, in so many rounds. */
  readonly topologies: readonly Topology[];
  readonly rounds: number;
  readonly format: "text" | "json" | "markdown";
  /** Null: until the server ends or Ctrl-C. */
  readonly durationMs: number | null;
  readonly warmupMs: number;
  readonly load: {
    readonly target: string;
    readonly connections: number;
    readonly ratePerSecond: number | null;
    readonly method: string;
    /** Each request on a connection of its own. */
    readonly reconnects: boolean;
  } | null;
  readonly out: string | null;
  readonly categories: readonly Category[];
  readonly stacksPerSecond: number;
  /** Null: as in `DEFAULT_SAMPLING`. */
  readonly followedShare: number | null;
  /** Measured by spells where it goes on for long. */
  readonly rests: boolean;
  readonly startTimeoutMs: number;
  readonly deepSwitches: boolean;
}
export interface AttachArguments extends Omit<RecordArguments, "kind"> {
  readonly kind: "attach";
  /** Where the variables are written; null: nowhere. */
  readonly environmentFile: string | null;
}
export type Invocation =
  | RecordArguments
  | AttachArguments
  | FileInvocation
  | { readonly kind: "help" }
  | { readonly kind: "version" };

const COMMANDS = ["record", "attach", "report", "compare", "check", "export", "mcp", "help", "version"];
const MAX_WORKERS = 256;
const MAX_ROUNDS = 100;
const DEFAULT_ROUNDS = 3;
const MAX_STACKS_PER_SECOND = 100_000;
const DEFAULT_CONNECTIONS = 20;
/** With a load; without one, a person sends the requests and says when it is enough. */
const DEFAULT_LOAD_SECONDS = 10;
const DEFAULT_LOAD_WARMUP_SECONDS = 2;
const DEFAULT_START_TIMEOUT_SECONDS = 30;

const RECORD_OPTIONS = {
  workers: { type: "string" },
  topology: { type: "string" },
  rounds: { type: "string" },
  format: { type: "string" },
  duration: { type: "string" },
  warmup: { type: "string" },
  load: { type: "string" },
  connections: { type: "string" },
  rate: { type: "string" },
  method: { type: "string" },
  reconnect: { type: "boolean" },
  out: { type: "string" },
  only: { type: "string" },
  stacks: { type: "string" },
  rests: { type: "boolean" },
  "no-rests": { type: "boolean" },
  follow: { type: "string" },
  "start-timeout": { type: "string" },
  "deep-switches": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const ATTACH_OPTIONS = {
  workers: { type: "string" },
  topology: { type: "string" },
  duration: { type: "string" },
  out: { type: "string" },
  only: { type: "string" },
  stacks: { type: "string" },
  rests: { type: "boolean" },
  "no-rests": { type: "boolean" },
  follow: { type: "string" },
  env: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parseInvocation(words: readonly string[]): Invocation {
  const [command, ...rest] = words;
  switch (command) {
    case undefined:
      throw new UsageError("What is to be done? For instance: darcy record -- node server.js");
    case "help":
    case "--help":
    case "-h":
      return { kind: "help" };
    case "--version":
    case "-v":
    case "version":
      return { kind: "version" };
    case "record":
      return parseRecord(rest);
    case "attach":
      return parseAttach(rest);
    case "report":
      return parseReport(rest);
    case "compare":
      return parseCompare(rest);
    case "check":
      return parseCheck(rest);
    case "export":
      return parseExport(rest);
    case "mcp":
      return parseMcp(rest);
    default:
      if (command.startsWith("-")) throw new UsageError(noOption(command, COMMANDS));
      throw new UsageError(`There is no command "${command}".${suggestion("", command, COMMANDS)}`);
  }
}

function parseRecord(words: readonly string[]): Invocation {
  const end = words.indexOf("--");
  // The first word that is neither an option nor an option's value begins the server's command, whose options are not ours.
  const command = end < 0 ? firstCommandWord(words) : -1;
  if (command >= 0)
    throw new UsageError(
      `The server's command stands after two dashes: -- ${words.slice(command).join(" ")}`,
    );
  const { values, positionals } = read(RECORD_OPTIONS, () =>
    parseArgs({
      args: joinNegatives(end < 0 ? words : words.slice(0, end)),
      allowPositionals: true,
      options: RECORD_OPTIONS,
    }),
  );
  if (values.help === true) return { kind: "help" };
  if (positionals.length > 0 || end < 0) {
    throw new UsageError(
      `The server's command stands after two dashes: -- ${positionals.join(" ") || "node server.js"}`,
    );
  }
  const server = words.slice(end + 1);
  if (server.length === 0 || server[0] === "")
    throw new UsageError("There is no command after the two dashes.");
  const load = values.load;
  for (const option of ["connections", "rate", "method", "reconnect"] as const) {
    if (load === undefined && values[option] !== undefined) throw new UsageError(`--${option} needs --load.`);
  }
  const topologies = [...new Set((values.topology ?? "auto").split(","))].map((word) =>
    oneOf("topology", word.trim(), TOPOLOGIES),
  );
  for (const option of ["rounds", "format"] as const) {
    if (topologies.length < 2 && values[option] !== undefined)
      throw new UsageError(`--${option} is for several topologies: --topology reuse,rr`);
  }
  if (topologies.length > 1 && load === undefined)
    throw new UsageError("Several topologies are compared under the same load: --load /path");
  if (topologies.length > 1 && values.out?.endsWith(".darcy") === true)
    throw new UsageError("Of several topologies a comparison is written, no recording: --out FILE.txt");
  const count = workers(values.workers);
  if (topologies.length > 1 && count < 2)
    throw new UsageError(
      `With one worker all topologies are the same: --workers 2${values.workers === undefined ? " (this machine has room for one)" : ""}`,
    );
  const duration =
    seconds("duration", values.duration, MIN_SECONDS) ?? (load === undefined ? null : DEFAULT_LOAD_SECONDS);
  const warmup =
    seconds("warmup", values.warmup, 0) ?? (load === undefined ? 0 : DEFAULT_LOAD_WARMUP_SECONDS);
  const startTimeout =
    seconds("start-timeout", values["start-timeout"], MIN_SECONDS) ?? DEFAULT_START_TIMEOUT_SECONDS;
  return {
    kind: "record",
    command: server,
    workers: count,
    topology: topologies[0] ?? "auto",
    topologies,
    rounds: whole("rounds", values.rounds, 1, MAX_ROUNDS) ?? DEFAULT_ROUNDS,
    format: oneOf("format", values.format ?? "text", ["text", "json", "markdown"] as const),
    durationMs: duration === null ? null : duration * 1_000,
    warmupMs: warmup * 1_000,
    load: load === undefined ? null : parseLoad(load, values),
    out: values.out === undefined ? null : text("out", values.out),
    categories: categories(values.only),
    stacksPerSecond:
      whole("stacks", values.stacks, 1, MAX_STACKS_PER_SECOND) ?? DEFAULT_SAMPLING.stacksPerSecond,
    rests: measuresBySpells(values, topologies.length),
    followedShare: values.follow === undefined ? null : (whole("follow", values.follow, 0, 100) ?? 0) / 100,
    startTimeoutMs: startTimeout * 1_000,
    deepSwitches: values["deep-switches"] === true,
  };
}

/** As `record`, without what is about starting the server. */
function parseAttach(words: readonly string[]): Invocation {
  const { values, positionals } = read(ATTACH_OPTIONS, () =>
    parseArgs({ args: joinNegatives(words), allowPositionals: true, options: ATTACH_OPTIONS }),
  );
  if (values.help === true) return { kind: "help" };
  if (positionals.length > 0 || words.includes("--"))
    throw new UsageError(
      "attach starts nothing: a server joins by its environment. To start one: darcy record -- COMMAND",
    );
  if (values.topology?.includes(",") === true)
    throw new UsageError("attach records one topology; record compares several.");
  const { env, help: _help, ...others } = values;
  const options = Object.entries(others).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  );
  const parsed = parseRecord([...options, "--", "attached"]);
  if (parsed.kind !== "record") return parsed;
  return { ...parsed, kind: "attach", environmentFile: env === undefined ? null : text("env", env) };
}

function parseLoad(
  target: string,
  values: {
    connections?: string | undefined;
    rate?: string | undefined;
    method?: string | undefined;
    reconnect?: boolean | undefined;
  },
): RecordArguments["load"] {
  if (!/^(?:\/|https?:\/\/)/.test(target)) {
    throw new UsageError(`--load takes a path (/orders) or a URL (http://…), not "${target}".`);
  }
  const method = (values.method ?? "GET").toUpperCase();
  if (!/^[A-Z]{1,20}$/.test(method)) throw new UsageError(`--method does not take "${values.method}".`);
  return {
    target,
    connections: whole("connections", values.connections, 1, 10_000) ?? DEFAULT_CONNECTIONS,
    ratePerSecond: whole("rate", values.rate, 1, 1_000_000),
    method,
    reconnects: values.reconnect === true,
  };
}

/** Of `darcy record` without the two dashes; -1: there is none. */
function firstCommandWord(words: readonly string[]): number {
  return words.findIndex((word, at) => {
    const option = /^--([\w-]+)$/.exec(words[at - 1] ?? "")?.[1] ?? "";
    const isValue = (RECORD_OPTIONS as Record<string, { type: string }>)[option]?.type === "string";
    return !isValue && !word.startsWith("-");
  });
}

function workers(value: string | undefined): number {
  if (value === undefined || value === "auto") return workersThatFit();
  return whole("workers", value, 1, MAX_WORKERS) ?? workersThatFit();
}

function categories(value: string | undefined): readonly Category[] {
  if (value === undefined) return CATEGORIES;
  const wanted = value.split(",").map((word) => oneOf("only", word.trim(), CATEGORIES));
  return CATEGORIES.filter((category) => wanted.includes(category));
}
