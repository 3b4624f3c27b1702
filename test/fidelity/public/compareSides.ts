// Tests: what differs between a server's sides, and whether its recordings can be believed.

import { type Difference, differences } from "../compare.ts";
import type { Outcome } from "../sides.ts";
import { ALONE } from "./asker.ts";
import { faultsOf } from "./sane.ts";
import { type Ran, type Side, WORKERS } from "./server.ts";
import { isKnownFrame, onlyKnownFrames } from "./stacks.ts";

const SHOWN = 800;

/** A line for each difference and each fault. @param start starts the server, forgets what it stored, asks, ends it */
export async function compareSides(
  start: (side: Side) => Promise<Ran>,
  sides: readonly Exclude<Side, "plain">[] = ["single", "symmetric"],
): Promise<string[]> {
  const plain = await start("plain");
  const wrong: string[] = [];
  for (const side of sides) {
    const measured = await start(side);
    const found = differing(plain, measured, side);
    // What differs between two runs without Darcy says nothing about it.
    const varying = found.length === 0 ? [] : differing(plain, await start("plain"), side);
    for (const difference of found) {
      const chance = varying.some(({ label }) => label === difference.label);
      if (chance) console.log(`    ${side}: varies without Darcy, too: ${shown(difference)}`);
      else wrong.push(`${side}: ${shown(difference)}`);
    }
    if (measured.profile === null) continue;
    wrong.push(
      ...faultsOf(measured.profile, { ...measured, workers: WORKERS[side] }).map(
        (fault) => `${side}: report: ${fault}`,
      ),
    );
  }
  return wrong;
}

function differing(plain: Ran, other: Ran, side: Side): Difference[] {
  return differences(told(plain, side), told(other, side)).filter(
    (difference) => !onlyKnownFrames(difference),
  );
}

/** Two workers print twice, in any order, and what one can answer alone is not asked of them. */
function told({ answers, printed }: Ran, side: Side): Outcome {
  const { stdout, stderr, exit } = printed;
  return side === "symmetric"
    ? { stdout: answers.filter((line) => !line.startsWith(ALONE)).join("\n"), stderr: "", exit }
    : { stdout: `${answers.join("\n")}\n${stdout}`, stderr, exit };
}

/** From the line before the first that differs on, without the frames that may. */
function shown({ label, plain, measured }: Difference): string {
  const [one, other] = [linesOf(plain), linesOf(measured)];
  const at = Math.max(0, other.findIndex((line, index) => line !== one[index]) - 1);
  const from = (lines: readonly string[]) => lines.slice(at).join("\n        ").slice(0, SHOWN);
  return `${label}\n      without: ${from(one)}\n      with:    ${from(other)}`;
}

function linesOf(text: string | null): string[] {
  return text === null ? ["(nothing)"] : text.split(/\n|\\n/).filter((line) => !isKnownFrame(line));
}
