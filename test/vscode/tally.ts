// VS Code tests: prints and counts the results of all runs.

export const counts = { passed: 0, failed: 0 };

export function report(title: string, millis: number, error: string | null): void {
  if (error === null) counts.passed++;
  else counts.failed++;
  console.log(`${error === null ? "✔" : "✖"} ${title} (${Math.round(millis)} ms)`);
  if (error !== null) console.log(error.replace(/^/gm, "    "));
}

export function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
