// Command line: `darcy record --topology A,B,...`: the same load over several topologies, each in every round, so that
// a machine that gets slower or faster meanwhile does so for all.

import { resolve } from "node:path";
import { checkWritable } from "../collector/profileFile.ts";
import { UserError } from "../common/errors.ts";
import { type Lab, type LabResult, toLab } from "../model/lab.ts";
import { toReport } from "../model/report.ts";
import { formatLabMarkdown } from "../report/labMarkdown.ts";
import { formatLab } from "../report/labText.ts";
import type { RecordArguments } from "./arguments.ts";
import { recordOnce } from "./record.ts";
import { writeOut } from "./writeOut.ts";

/** Interrupted before there was anything to report. */
const INTERRUPTED = 130;

const FORMATS: Readonly<Record<RecordArguments["format"], (lab: Lab) => string>> = {
  text: formatLab,
  json: (lab) => `${JSON.stringify(lab, null, 2)}\n`,
  markdown: formatLabMarkdown,
};

/** The exit code. @throws UserError */
export async function lab(words: RecordArguments, distFolder: string): Promise<number> {
  const { topologies, rounds, format } = words;
  const results: LabResult[] = [];
  if (words.out !== null && words.out !== "-") await checkWritable(resolve(words.out));
  for (let round = 0; round < rounds; round++) {
    // Each begins a round in turn.
    const order = topologies.map((_, at) => topologies[(at + round) % topologies.length] ?? "auto");
    for (const topology of order) {
      process.stderr.write(`darcy  Round ${round + 1} of ${rounds}: ${topology}\n`);
      const recorded = await recordOnce({ ...words, topology }, distFolder);
      if (recorded === null || recorded.interrupted) return INTERRUPTED;
      if (recorded.died)
        throw new UserError(
          `The server died in round ${round + 1} (${topology}), so nothing can be compared.`,
          "See its own output above.",
        );
      const { profile } = recorded;
      results.push({ asked: topology, report: toReport(profile, { top: 1 }) });
    }
  }
  const found = toLab(results, words.workers);
  const text = FORMATS[format](found);
  await writeOut(text, words.out).catch((error: unknown) => {
    // All the rounds' work, of which no recording is kept.
    process.stdout.write(text);
    throw error;
  });
  return 0;
}
