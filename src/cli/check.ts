// Command line: `darcy check`: a recording against a budget, for a build.

import { resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import { type CheckedLimit, checkBudget } from "../model/budget.ts";
import { formatBytes, formatCount, formatNumber, formatTime, UNKNOWN } from "../model/format.ts";
import { toReport } from "../model/report.ts";
import { printable, table } from "../report/columns.ts";
import { readBudget } from "./budgetFile.ts";
import type { CheckArguments } from "./fileArguments.ts";

const BROKEN = 1;

/** The exit code. @throws UserError */
export async function check({ file, budget, format }: CheckArguments): Promise<number> {
  const limits = await readBudget(resolve(budget));
  const report = toReport(await readProfile(resolve(file)));
  const checked = checkBudget(report, limits);
  const ok = checked.every((limit) => limit.ok);
  if (format === "json")
    process.stdout.write(`${JSON.stringify({ schema: "darcy-check/1", ok, limits: checked }, null, 2)}\n`);
  else process.stdout.write(checkText(checked));
  return ok ? 0 : BROKEN;
}

function checkText(checked: readonly CheckedLimit[]): string {
  const rows = checked.map((limit) => [
    limit.ok ? "ok" : "BROKEN",
    printable(limit.route === null ? limit.name : `${limit.route} ${limit.name}`),
    format(limit.actual, limit),
    `at ${limit.bound} ${format(limit.limit, limit)}`,
    limit.actual === null ? "not measured" : "",
  ]);
  const lines = table(
    [
      { title: "", align: "left" },
      { title: "Limit", align: "left" },
      { title: "measured", align: "right" },
      { title: "allowed", align: "left" },
      { title: "", align: "left" },
    ],
    rows,
    (text) => text,
  );
  const broken = checked.filter(({ ok }) => !ok).length;
  const outcome =
    broken === 0
      ? `All ${formatCount(checked.length)} limits hold.`
      : `${formatCount(broken)} of ${formatCount(checked.length)} limits ${broken === 1 ? "is" : "are"} broken.`;
  return `${lines.join("\n")}\n\n${outcome}\n`;
}

function format(value: number | null, { unit }: CheckedLimit): string {
  if (value === null) return UNKNOWN;
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "micros":
      return formatTime(value);
    case "perSecond":
      return `${formatNumber(value)} req/s`;
    case "count":
      return formatNumber(value);
  }
}
