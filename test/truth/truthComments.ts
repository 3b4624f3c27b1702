// Truth suite: reads what servers state about their own lines. `//= copies 4096` is an amount a request,
// `//= switches 8 (26: 2)` another one from Node 26 on, `//= locks measured.NAME` the server's own account,
// `//= locks` a place whose amount is not known by construction, `//= holder` the line that holds the lock, where a server
// has several `//= holder NAME NAME` with the names of the measured waits that it lets wait. `by NAME` at the end of a
// comment: the dependency's or Node's function that the line calls.

import { readFileSync } from "node:fs";
import type { Category } from "../../src/protocol/categories.ts";

export interface Truth {
  readonly category: Category;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The top-level function around it, "" for none. */
  readonly function: string;
  /** Null: not known by construction. */
  readonly amount: number | null;
  /** The name of the server's own account; null for none. */
  readonly measured: string | null;
  /** The function that the report has to name as called there; null: not stated. */
  readonly callee: string | null;
}

export interface Holder {
  readonly file: string;
  readonly line: number;
  /** The names of the waits that are its doing; none: all. */
  readonly waits: readonly string[];
}

/** The name of the top-level function around a line. */
export type FunctionOf = (file: string, line: number) => string;

export interface Truths {
  readonly lines: readonly Truth[];
  readonly holders: readonly Holder[];
}

/** What a server says that it waited a request, microseconds, by name. */
export type Measured = ReadonlyMap<string, number>;

const COMMENT =
  /^(copies|allocations|switches|locks)(?: (?:(\d+)(?: \((\d+): (\d+)\))?|measured\.(\w+)))?(?: by (\w+))?$/;
const HOLDER = /^holder((?: \w+)*)$/;
/** What starts a stretch of code to which V8 charges allocations; fixtures keep functions at the margin. */
const FUNCTION = /^(?:export )?(?:async )?function\*? (\w+)|^ {2}(?:async )?#?(\w+)\(.*\{$/;

/** @param major Node's major version */
export function readTruths(files: readonly string[], major: number, measured: Measured): Truths {
  const lines: Truth[] = [];
  const holders: Holder[] = [];
  for (const file of files) {
    const text = readFileSync(file, "utf8").split("\n");
    const functions = functionsOf(text);
    for (const [index, content] of text.entries()) {
      const line = index + 1;
      const around = functions[index] ?? "";
      for (const comment of commentsOf(content)) {
        const holder = HOLDER.exec(comment);
        if (holder !== null) {
          holders.push({ file, line, waits: (holder[1] ?? "").split(" ").filter((name) => name !== "") });
          continue;
        }
        const found = COMMENT.exec(comment);
        if (found === null) throw new Error(`${file}:${line}: no truth comment: ${comment}`);
        const category = found[1] as Category;
        lines.push({
          category,
          file,
          line,
          function: around,
          amount: amountOf(found, major, measured),
          measured: found[5] ?? null,
          callee: found[6] ?? null,
        });
      }
    }
  }
  return { lines, holders };
}

/** For every line the name of the function that it belongs to. */
export function functionsOf(text: readonly string[]): string[] {
  let name = "";
  return text.map((content) => {
    const found = FUNCTION.exec(content);
    if (found !== null && !/^ {2}(?:if|for|while|switch|catch)\b/.test(content))
      name = found[1] ?? found[2] ?? "";
    // The end of a top-level function or class, and the first line of other top-level code.
    else if (/^\}/.test(content) || /^[a-z]/.test(content)) {
      const last = name;
      name = "";
      return /^\}/.test(content) ? last : "";
    }
    return name;
  });
}

/** At the end of a line of code; comments may mention them. */
function commentsOf(content: string): string[] {
  if (/^\s*(?:\/\/|\/?\*)/.test(content)) return [];
  return content
    .split("//= ")
    .slice(1)
    .map((comment) => comment.trim());
}

function amountOf(found: RegExpExecArray, major: number, measured: Measured): number | null {
  const [, , amount, since, sinceAmount, name] = found;
  if (name !== undefined) {
    const micros = measured.get(name);
    if (micros === undefined) throw new Error(`The server has not measured "${name}".`);
    return micros;
  }
  if (amount === undefined) return null;
  return Number(since !== undefined && major >= Number(since) ? sinceAmount : amount);
}
