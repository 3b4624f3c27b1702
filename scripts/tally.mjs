// Adds up tests. The default export is a reporter for node:test that writes one line of JSON: how many tests passed,
// failed and were skipped, which passed and failed, in which files, and why.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

export default async function* tally(events) {
  const counts = {};
  const failedFiles = new Set();
  const failedTests = [];
  const passedTests = new Set();
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:pass") passedTests.add(nameOf(data));
    if (type === "test:fail" && data.todo === undefined) {
      const file = data.file ? relativeFile(data.file) : "";
      if (file !== "") failedFiles.add(file);
      const error = data.details?.error;
      // A suite fails with its tests, which are named by themselves.
      if (error?.failureType !== "subtestsFailed") {
        const name = nameOf(data);
        failedTests.push(name);
        failures.push(`${name}: ${String(error?.cause?.message ?? error?.message ?? error).slice(0, 1_000)}`);
      }
    }
    if (type !== "test:diagnostic" || data.nesting !== 0) continue;
    const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message) ?? [];
    if (name !== undefined) counts[name] = Number(count);
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = counts;
  yield `${JSON.stringify({
    passed: pass,
    failed: fail + cancelled,
    skipped: skipped + todo,
    failedFiles: [...failedFiles],
    failedTests,
    passedTests: [...passedTests],
    failures,
  })}\n`;
}

function nameOf({ file, name }) {
  return `${file ? relativeFile(file) : ""} ${name}`;
}

function relativeFile(file) {
  return relative(process.cwd(), file.startsWith("file:") ? fileURLToPath(file) : file);
}

/**
 * Of a runner of its own: its last line "N passed, N failed", and its lines "failed at first: …" as remarks. One that ran
 * nothing, or does not say, has failed.
 */
export function runnerCounts(output, exitCode) {
  const [, passed, failed] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  const remarks = output.match(/^failed (?:at first|once more): .*$/gm) ?? [];
  const counts = { passed: Number(passed ?? 0), failed: Number(failed ?? 0), remarks };
  const complete = exitCode === 0 && counts.passed > 0;
  return complete || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
