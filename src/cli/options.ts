// Command line: options' values, checked, and words for those that make no sense.

import { errorText } from "../common/errors.ts";
import { nearestWord } from "./nearestWord.ts";

/** The words don't make a command; shown with a pointer to the help, exit code 2. */
export class UsageError extends Error {}

export const MIN_SECONDS = 0.1;
const MAX_SECONDS = 24 * 60 * 60;

/** Words for what parseArgs throws: its own go on about positional arguments, which no command takes so. */
export function read<T>(options: Readonly<Record<string, unknown>>, parse: () => T): T {
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

export function noOption(option: string, known: readonly string[]): string {
  return `There is no option ${option}.${suggestion("--", option.replace(/^-+/, ""), known)}`;
}

export function suggestion(before: string, word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === null ? "" : ` Is it ${before}${near}?`;
}

/** `--duration -2` as one word: parseArgs takes -2 for an option, and we have a better answer. */
export function joinNegatives(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1) ?? "";
    if (/^-[\d.]/.test(word) && /^--[\w-]+$/.test(last)) joined.splice(-1, 1, `${last}=${word}`);
    else joined.push(word);
  }
  return joined;
}

export function seconds(option: string, value: string | undefined, minimum: number): number | null {
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

export function whole(
  option: string,
  value: string | undefined,
  minimum: number,
  maximum: number,
): number | null {
  const parsed = number(option, value, minimum, maximum);
  if (parsed !== null && !Number.isInteger(parsed)) throw new UsageError(`--${option} takes a whole number.`);
  return parsed;
}

export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`--${option} takes ${allowed.join(", ")}, not "${value}".`);
  return found;
}

export function text(option: string, value: string): string {
  if (value === "") throw new UsageError(`--${option} is empty.`);
  return value;
}
