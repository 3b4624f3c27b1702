// Command line: the entry: words in, exit code out.

import { errorCode, errorText, UserError } from "../common/errors.ts";
import { DARCY_VERSION } from "../common/version.ts";
import { printable } from "../report/columns.ts";
import { parseInvocation } from "./arguments.ts";
import { attach } from "./attach.ts";
import { check } from "./check.ts";
import { compare } from "./compare.ts";
import { exportFile } from "./export.ts";
import { HELP } from "./help.ts";
import { lab } from "./lab.ts";
import { mcp } from "./mcp.ts";
import { UsageError } from "./options.ts";
import { record } from "./record.ts";
import { report } from "./report.ts";

const FAILED = 1;
const MISUSED = 2;

async function main(words: readonly string[]): Promise<number> {
  const invocation = parseInvocation(words);
  switch (invocation.kind) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "version":
      process.stdout.write(`${DARCY_VERSION}\n`);
      return 0;
    case "record":
      return invocation.topologies.length > 1 ? lab(invocation, __dirname) : record(invocation, __dirname);
    case "attach":
      return attach(invocation, __dirname);
    case "report":
      return report(invocation, __dirname);
    case "compare":
      return compare(invocation, __dirname);
    case "check":
      return check(invocation);
    case "export":
      return exportFile(invocation);
    case "mcp":
      return mcp(invocation, __dirname);
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`darcy: ${error.message}\nSee darcy --help.\n`);
    return MISUSED;
  }
  if (error instanceof UserError) {
    const lines = [`darcy: ${error.message}`, error.remedy, ...error.details];
    process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(""));
  } else
    process.stderr.write(
      `darcy: a defect of Darcy itself: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  return FAILED;
}

// A terminal that was closed takes no more words; the server is still to be ended.
process.stderr.on("error", () => {});

let unwritten = false;
// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error) => {
  if (errorCode(error) === "EPIPE" || unwritten) return;
  unwritten = true;
  const text = `What belongs on stdout could not be written: ${errorText(error)}.`;
  process.exitCode = explain(new UserError(text, "Mend that, or let it go elsewhere."));
});

main(process.argv.slice(2))
  .catch(explain)
  .then((code) => {
    process.exitCode = unwritten ? FAILED : code;
  });
