// Command line: reads a budget file, and says exactly what in it is no limit. docs/compare.md has the format.

import { readFile, stat } from "node:fs/promises";
import { errorCode, errorText, UserError } from "../common/errors.ts";
import { type Budget, LEAST_UNITS, type LimitUnit, MOST_UNITS, ROUTE_UNITS } from "../model/budget.ts";
import { nearestWord } from "./nearestWord.ts";

const SCHEMA = "darcy-budget/1";
const MOST_BYTES = 1_000_000;
const SIZES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };
const EXAMPLE = `For instance: { "schema": "${SCHEMA}", "most": { "copies": "64 KB", "handOffs": 2 } }`;

/** @throws UserError */
export async function readBudget(file: string): Promise<Budget> {
  let text: string;
  try {
    if ((await stat(file)).size > MOST_BYTES)
      throw new UserError(`The file ${file} is too large to be a budget.`, EXAMPLE);
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    const missing = errorCode(error) === "ENOENT";
    throw new UserError(
      missing
        ? `The budget ${file} does not exist.`
        : `The budget ${file} could not be read: ${errorText(error)}.`,
      missing ? "Check its name." : "Check its permissions.",
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`The budget ${file} is not JSON: ${errorText(error)}.`, EXAMPLE, { cause: error });
  }
  try {
    return toBudget(value);
  } catch (error) {
    if (!(error instanceof WrongBudget)) throw error;
    throw new UserError(`The budget ${file}: ${error.message}`, error.remedy, { cause: error });
  }
}

class WrongBudget extends Error {
  constructor(
    message: string,
    readonly remedy = EXAMPLE,
  ) {
    super(message);
  }
}

function toBudget(value: unknown): Budget {
  const { schema, most = {}, least = {}, routes = {}, ...others } = record(value, "the whole");
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new WrongBudget(unknownName(`"${other}"`, other, ["schema", "most", "least", "routes"]));
  if (schema !== SCHEMA) throw new WrongBudget(`"schema" is not "${SCHEMA}".`);
  const budget = {
    most: limits(most, "most", MOST_UNITS),
    least: limits(least, "least", LEAST_UNITS),
    routes: Object.fromEntries(
      Object.entries(record(routes, '"routes"')).map(([route, each]) => {
        if (!/^[A-Z]+ \S/.test(route))
          throw new WrongBudget(
            `"${route}" is no route.`,
            'A route is its method and path, as "GET /orders/:id".',
          );
        return [route, limits(each, route, ROUTE_UNITS)];
      }),
    ),
  };
  const all = [budget.most, budget.least, ...Object.values(budget.routes)];
  if (all.every((each) => Object.keys(each).length === 0)) throw new WrongBudget("it has no limit.");
  return budget;
}

function limits(
  value: unknown,
  where: string,
  units: Readonly<Record<string, LimitUnit>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record(value, `"${where}"`)).map(([name, limit]) => {
      const unit = Object.hasOwn(units, name) ? units[name] : undefined;
      if (unit === undefined)
        throw new WrongBudget(unknownName(`"${where}" has "${name}"`, name, Object.keys(units)));
      return [name, amount(limit, `"${name}" of "${where}"`, unit)];
    }),
  );
}

function amount(value: unknown, name: string, unit: LimitUnit): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  const sized =
    unit === "bytes" && typeof value === "string" ? /^(\d+(?:\.\d+)?) ?([KMG]?B)$/.exec(value) : null;
  if (sized !== null) return Number(sized[1]) * (SIZES[sized[2] as string] as number);
  const what = unit === "bytes" ? 'a number of bytes, or as "64 KB" (1 KB = 1,000 bytes)' : "a number from 0";
  throw new WrongBudget(`${name} is ${JSON.stringify(value)}.`, `It takes ${what}.`);
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new WrongBudget(`${name} is no object.`);
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearestWord(name, known);
  return `${what}, which is none of ${known.join(", ")}.${near === null ? "" : ` Is it "${near}"?`}`;
}
