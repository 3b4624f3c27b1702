// Tools for language models: narrows what they ask for; what makes no sense is answered with what would.

import { UserError } from "../common/errors.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";

const MOST_TOP = 50;
const MOST_WORDS = 100;
const MOST_SECONDS = 60;

export interface RecordRequest {
  readonly command: readonly string[];
  readonly load: string;
  readonly seconds: number;
  readonly workers: number | null;
  readonly out: string;
}

type Input = Readonly<Record<string, unknown>>;

export function toInput(value: unknown): Input {
  return typeof value === "object" && value !== null ? (value as Input) : {};
}

/** What nobody asks for would be taken for something that holds. @throws UserError */
export function onlyKnown(input: Input, known: readonly string[]): void {
  const other = Object.keys(input).find((name) => !known.includes(name));
  if (other !== undefined)
    throw new UserError(`There is no argument "${other}".`, `There are: ${known.join(", ")}.`);
}

/** @throws UserError */
export function fileOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value.endsWith(".darcy") && value.length < 4_096) return value;
  throw new UserError(`"${name}" is no recording.`, "Give the path of a .darcy file.");
}

/** @throws UserError */
export function topOf({ top = 10 }: Input): number {
  return wholeOf(top, "top", 1, MOST_TOP);
}

/** @throws UserError */
export function rankOf({ rank }: Input): number {
  return wholeOf(rank, "rank", 1, 100_000);
}

/** @throws UserError */
export function categoryOf({ category = null }: Input): Category | null {
  const found = CATEGORIES.find((each) => each === category);
  if (category === null || found !== undefined) return found ?? null;
  throw new UserError(`"category" is ${JSON.stringify(category)}.`, `It is one of ${CATEGORIES.join(", ")}.`);
}

/** @throws UserError */
export function recordRequestOf(input: Input): RecordRequest {
  const { command, load, seconds = 10, workers = null } = input;
  const words = Array.isArray(command) ? command : [];
  if (
    words.length === 0 ||
    words.length > MOST_WORDS ||
    !words.every((word) => typeof word === "string" && word !== "")
  )
    throw new UserError('"command" is no list of words.', 'For instance ["node", "server.js"].');
  if (typeof load !== "string" || !/^\/\S*$/.test(load))
    throw new UserError('"load" is no path.', 'For instance "/orders".');
  return {
    command: words as string[],
    load,
    seconds: wholeOf(seconds, "seconds", 1, MOST_SECONDS),
    workers: workers === null ? null : wholeOf(workers, "workers", 1, 64),
    out: fileOf(input, "out"),
  };
}

function wholeOf(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UserError(
    `"${name}" is ${JSON.stringify(value)}.`,
    `It is a whole number from ${least} to ${most}.`,
  );
}
