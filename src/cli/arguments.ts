// Command line: words to what is to be done.

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { errorText } from "../common/errors.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import { DEFAULT_SAMPLING, TOPOLOGIES, type Topology } from "../protocol/sessionFile.ts";
import { nearestWord } from "./nearestWord.ts";

export interface RecordArguments {
  readonly kind: "record";
  readonly command: readonly string[];
  readonly workers: number;
  readonly topology: Topology;
  /** Null: until the server ends or Ctrl-C. */
  readonly durationMs: number | null;
  readonly warmupMs: number;
  readonly load: {
    readonly target: string;
    readonly connections: number;
    readonly ratePerSecond: number | null;
    readonly method: string;
  } | null;
  readonly out: string | null;
  readonly categories: readonly Category[];
  readonly stacksPerSecond: number;
  /** Null: as in `DEFAULT_SAMPLING`. */
  readonly followedShare: number | null;
  readonly startTimeoutMs: number;
  readonly deepSwitches: boolean;
}
export interface ReportArguments {
  readonly kind: "report";
  readonly file: string;
  readonly format: "text" | "json";
  readonly top: number | null;
}
export type Invocation =
  | RecordArguments
  | ReportArguments
  | { readonly kind: "help" }
  | { readonly kind: "version" };

/** The words don't make a command; shown with a pointer to the help, exit code 2. */
export class UsageError extends Error {}

const COMMANDS = ["record", "report", "help", "version"];
const LATER_COMMANDS = ["compare", "check", "export"];
const LATER_FORMATS = ["markdown", "html"];
const MAX_WORKERS = 256;
const MAX_STACKS_PER_SECOND = 100_000;
const MIN_SECONDS = 0.1;
const MAX_SECONDS = 24 * 60 * 60;
const DEFAULT_CONNECTIONS = 20;
/** With a load; without one, a person sends the requests and says when it is enough. */
const DEFAULT_LOAD_SECONDS = 10;
const DEFAULT_LOAD_WARMUP_SECONDS = 2;
const DEFAULT_START_TIMEOUT_SECONDS = 30;

const RECORD_OPTIONS = {
  workers: { type: "string" },
  topology: { type: "string" },
  duration: { type: "string" },
  warmup: { type: "string" },
  load: { type: "string" },
  connections: { type: "string" },
  rate: { type: "string" },
  method: { type: "string" },
  out: { type: "string" },
  only: { type: "string" },
  stacks: { type: "string" },
  follow: { type: "string" },
  "start-timeout": { type: "string" },
  "deep-switches": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
const REPORT_OPTIONS = {
  format: { type: "string" },
  top: { type: "string" },
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
    case "report":
      return parseReport(rest);
    default:
      if (LATER_COMMANDS.includes(command)) throw new UsageError(`"${command}" is not in this version.`);
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
  for (const option of ["connections", "rate", "method"] as const) {
    if (load === undefined && values[option] !== undefined) throw new UsageError(`--${option} needs --load.`);
  }
  const duration =
    seconds("duration", values.duration, MIN_SECONDS) ?? (load === undefined ? null : DEFAULT_LOAD_SECONDS);
  const warmup =
    seconds("warmup", values.warmup, 0) ?? (load === undefined ? 0 : DEFAULT_LOAD_WARMUP_SECONDS);
  const startTimeout =
    seconds("start-timeout", values["start-timeout"], MIN_SECONDS) ?? DEFAULT_START_TIMEOUT_SECONDS;
  return {
    kind: "record",
    command: server,
    workers: workers(values.workers),
    topology: oneOf("topology", values.topology ?? "auto", TOPOLOGIES),
    durationMs: duration === null ? null : duration * 1_000,
    warmupMs: warmup * 1_000,
    load: load === undefined ? null : parseLoad(load, values),
    out: values.out === undefined ? null : text("out", values.out),
    categories: categories(values.only),
    stacksPerSecond:
      whole("stacks", values.stacks, 1, MAX_STACKS_PER_SECOND) ?? DEFAULT_SAMPLING.stacksPerSecond,
    followedShare: values.follow === undefined ? null : (whole("follow", values.follow, 0, 100) ?? 0) / 100,
    startTimeoutMs: startTimeout * 1_000,
    deepSwitches: values["deep-switches"] === true,
  };
}

function parseLoad(
  target: string,
  values: { connections?: string | undefined; rate?: string | undefined; method?: string | undefined },
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
  };
}

function parseReport(words: readonly string[]): Invocation {
  const { values, positionals } = read(REPORT_OPTIONS, () =>
    parseArgs({
      args: joinNegatives(words),
      allowPositionals: true,
      options: REPORT_OPTIONS,
    }),
  );
  if (values.help === true) return { kind: "help" };
  const [file, ...others] = positionals;
  if (file === undefined || file === "") throw new UsageError("Which recording? Name a .darcy file.");
  if (others.length > 0) throw new UsageError("One recording at a time.");
  const format = values.format ?? "text";
  if (LATER_FORMATS.includes(format)) throw new UsageError(`--format ${format} is not in this version.`);
  return {
    kind: "report",
    file,
    format: oneOf("format", format, ["text", "json"] as const),
    top: whole("top", values.top, 1, 100_000),
  };
}

/** Words for what parseArgs throws: its own go on about positional arguments, which no command takes so. */
function read<T>(options: Readonly<Record<string, unknown>>, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const text = errorText(error);
    const unknown = /^Unknown option '(-[^']*)'/.exec(text)?.[1];
    if (unknown !== undefined) {
      throw new UsageError(noOption(unknown, Object.keys(options)));
    }
    const option = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:is ambiguous|missing)/.exec(
      text,
    )?.[1];
    throw new UsageError(option === undefined ? text.split("\n")[0] : `${option} needs a value.`);
  }
}

function noOption(option: string, known: readonly string[]): string {
  return `There is no option ${option}.${suggestion("--", option.replace(/^-+/, ""), known)}`;
}

function suggestion(before: string, word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === null ? "" : ` Is it ${before}${near}?`;
}

/** `--duration -2` as one word: parseArgs takes -2 for an option, and we have a better answer. */
function joinNegatives(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1) ?? "";
    if (/^-[\d.]/.test(word) && /^--[\w-]+$/.test(last)) joined.splice(-1, 1, `${last}=${word}`);
    else joined.push(word);
  }
  return joined;
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
  if (value === undefined || value === "auto") return availableParallelism();
  return whole("workers", value, 1, MAX_WORKERS) ?? availableParallelism();
}

function categories(value: string | undefined): readonly Category[] {
  if (value === undefined) return CATEGORIES;
  const wanted = value.split(",").map((word) => oneOf("only", word.trim(), CATEGORIES));
  return CATEGORIES.filter((category) => wanted.includes(category));
}

function seconds(option: string, value: string | undefined, minimum: number): number | null {
  const above = minimum > 0 ? `above 0 (${minimum} to ${MAX_SECONDS})` : `from 0 to ${MAX_SECONDS}`;
  return number(option, value, minimum, MAX_SECONDS, `a number of seconds ${above}`);
}

function number(
  option: string,
  value: string | undefined,
  minimum: number,
  maximum: number,
  what = `a number from ${minimum} to ${maximum}`,
): number | null {
  if (value === undefined) return null;
  const parsed = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(parsed >= minimum && parsed <= maximum)) {
    throw new UsageError(`--${option} takes ${what}, not "${value}".`);
  }
  return parsed;
}

function whole(option: string, value: string | undefined, minimum: number, maximum: number): number | null {
  const parsed = number(option, value, minimum, maximum);
  if (parsed !== null && !Number.isInteger(parsed)) throw new UsageError(`--${option} takes a whole number.`);
  return parsed;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`--${option} takes ${allowed.join(", ")}, not "${value}".`);
  return found;
}

function text(option: string, value: string): string {
  if (value === "") throw new UsageError(`--${option} is empty.`);
  return value;
}
