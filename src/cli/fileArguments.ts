// Command line: the commands that read recordings: their words to what is to be done.

import { parseArgs } from "node:util";
import { EXPORT_FORMATS, type ExportFormat } from "../report/exports/formats.ts";
import { joinNegatives, oneOf, read, text, UsageError, whole } from "./options.ts";

const REPORT_FORMATS = ["text", "json", "markdown", "html"] as const;

export interface ReportArguments {
  readonly kind: "report";
  readonly file: string;
  readonly format: (typeof REPORT_FORMATS)[number];
  readonly top: number | null;
  /** Null or "-": stdout. */
  readonly out: string | null;
}
export interface CompareArguments {
  readonly kind: "compare";
  readonly before: string;
  readonly after: string;
  readonly format: (typeof REPORT_FORMATS)[number];
  /** The most hotspots of each group. */
  readonly top: number | null;
  /** Null or "-": stdout. */
  readonly out: string | null;
}
export interface CheckArguments {
  readonly kind: "check";
  readonly file: string;
  readonly budget: string;
  readonly format: "text" | "json";
}
export interface ExportArguments {
  readonly kind: "export";
  readonly file: string;
  readonly format: ExportFormat;
  /** Null: beside the recording. "-": stdout. */
  readonly out: string | null;
}
/** Of the tools for language models. */
export interface McpArguments {
  readonly kind: "mcp";
  readonly allowRecord: boolean;
}
export type FileInvocation =
  | McpArguments
  | ReportArguments
  | CompareArguments
  | CheckArguments
  | ExportArguments
  | { readonly kind: "help" };

const HELP = { help: { type: "boolean", short: "h" } } as const;
const REPORT_OPTIONS = {
  out: { type: "string" },
  format: { type: "string" },
  top: { type: "string" },
  ...HELP,
} as const;
const CHECK_OPTIONS = { budget: { type: "string" }, format: { type: "string" }, ...HELP } as const;
const EXPORT_OPTIONS = { format: { type: "string" }, out: { type: "string" }, ...HELP } as const;
const MOST_ROWS = 100_000;

export function parseReport(words: readonly string[]): FileInvocation {
  const { values, positionals } = parseWords(words, REPORT_OPTIONS);
  if (values.help === true) return { kind: "help" };
  return {
    kind: "report",
    file: oneFile(positionals),
    format: oneOf("format", values.format ?? "text", REPORT_FORMATS),
    top: whole("top", values.top, 1, MOST_ROWS),
    out: values.out === undefined ? null : text("out", values.out),
  };
}

export function parseCompare(words: readonly string[]): FileInvocation {
  const { values, positionals } = parseWords(words, REPORT_OPTIONS);
  if (values.help === true) return { kind: "help" };
  const [before, after, ...others] = positionals;
  if (before === undefined || after === undefined || before === "" || after === "")
    throw new UsageError("Compare which recordings? Name two: the baseline and the new one.");
  if (others.length > 0) throw new UsageError("Two recordings at a time: the baseline and the new one.");
  return {
    kind: "compare",
    before,
    after,
    format: oneOf("format", values.format ?? "text", REPORT_FORMATS),
    top: whole("top", values.top, 1, MOST_ROWS),
    out: values.out === undefined ? null : text("out", values.out),
  };
}

export function parseCheck(words: readonly string[]): FileInvocation {
  const { values, positionals } = parseWords(words, CHECK_OPTIONS);
  if (values.help === true) return { kind: "help" };
  const file = oneFile(positionals);
  if (values.budget === undefined) throw new UsageError("Which budget? Name its file: --budget FILE.");
  return {
    kind: "check",
    file,
    budget: text("budget", values.budget),
    format: oneOf("format", values.format ?? "text", ["text", "json"] as const),
  };
}

export function parseExport(words: readonly string[]): FileInvocation {
  const { values, positionals } = parseWords(words, EXPORT_OPTIONS);
  if (values.help === true) return { kind: "help" };
  const file = oneFile(positionals);
  if (values.format === undefined)
    throw new UsageError(`In which format? --format takes ${EXPORT_FORMATS.join(", ")}.`);
  return {
    kind: "export",
    file,
    format: oneOf("format", values.format, EXPORT_FORMATS),
    out: values.out === undefined ? null : text("out", values.out),
  };
}

const MCP_OPTIONS = { "allow-record": { type: "boolean" }, ...HELP } as const;

export function parseMcp(words: readonly string[]): FileInvocation {
  const { values, positionals } = parseWords(words, MCP_OPTIONS);
  if (values.help === true) return { kind: "help" };
  if (positionals.length > 0) throw new UsageError("mcp takes no file: its tools name theirs.");
  return { kind: "mcp", allowRecord: values["allow-record"] === true };
}

type Options = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>>;

function parseWords<T extends Options>(words: readonly string[], options: T) {
  return read(options, () =>
    parseArgs({ args: joinNegatives(words), allowPositionals: true as const, options }),
  );
}

function oneFile(positionals: readonly string[]): string {
  const [file, ...others] = positionals;
  if (file === undefined || file === "") throw new UsageError("Which recording? Name a .darcy file.");
  if (others.length > 0) throw new UsageError("One recording at a time.");
  return file;
}
