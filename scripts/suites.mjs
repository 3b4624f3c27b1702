// Runs files of node:test and adds them up. Tests that measure a real server share the machine with whatever else runs on
// it: with `again`, the files that failed run once more by themselves. What a defect breaks fails twice; what passed once is
// counted as passed and named as such.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * @returns counts of tests and `remarks`, lines that say which failed and why
 * @throws Error when no test ran
 */
export function runSuites(files, { options, env, cwd, again }) {
  const first = runOnce(files, { options, env, cwd });
  if (first.failed === 0 || !again) return { ...first, remarks: first.failures };
  const suspects = files.filter((file) => first.failedFiles.includes(file));
  console.log(`\nOnce more, by itself: ${suspects.join(", ")}`);
  const second = runOnce(suspects.length > 0 ? suspects : files, { options, env, cwd });
  // One name may stand for a test on several Nodes.
  const hasPassed = (name) => first.passedTests.includes(name) && !first.failedTests.includes(name);
  // A failure without a name is one of the runner.
  const failed =
    second.failedTests.length > 0
      ? second.failedTests.filter((name) => !hasPassed(name)).length
      : second.failed;
  return {
    passed: first.passed + first.failed - failed,
    failed,
    skipped: first.skipped,
    remarks: [
      ...first.failures.map((failure) => `failed at first: ${failure}`),
      ...second.failures.map((failure, at) => {
        const once = hasPassed(second.failedTests[at]);
        return `${once ? "failed the second time only" : "failed once more"}: ${failure}`;
      }),
    ],
  };
}

function runOnce(files, { options, env, cwd }) {
  const scratch = mkdtempSync(path.join(tmpdir(), "darcy-test-"));
  try {
    const tally = path.join(scratch, "tally.json");
    const reporters = ["spec", "stdout", "./scripts/tally.mjs", tally].flatMap((value, index) => [
      index % 2 === 0 ? "--test-reporter" : "--test-reporter-destination",
      value,
    ]);
    const { status } = spawnSync(process.execPath, [...options, "--test", ...reporters, ...files], {
      cwd,
      stdio: "inherit",
      env,
    });
    const counts = JSON.parse(readFileSync(tally, "utf8"));
    if (counts.passed + counts.failed === 0) throw new Error(`No test of ${files[0]} ran`);
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
