// VS Code tests: prints and counts the results of all runs.

export const counts = { passed: 0, failed: 0 };
/** What failed in the run that counts, and before it, as lines for the end. */
export const remarks: string[] = [];
let failures: string[] = [];

/** Once more when something failed: a busy machine lets a click come too late once; what is broken fails again. */
export async function runTwice(name: string, run: () => Promise<void>): Promise<void> {
  const before = { ...counts };
  const attempt = async () => {
    failures = [];
    await run().catch((error: unknown) => report(name, 0, explain(error)));
    return failures;
  };
  const first = await attempt();
  if (first.length === 0) return;
  console.log(`\n${name}, once more`);
  Object.assign(counts, before);
  const second = await attempt();
  remarks.push(...first.map((failure) => `failed at first: ${failure}`));
  remarks.push(...second.map((failure) => `failed once more: ${failure}`));
}

export function report(title: string, millis: number, error: string | null): void {
  if (error === null) counts.passed++;
  else counts.failed++;
  console.log(`${error === null ? "✔" : "✖"} ${title} (${Math.round(millis)} ms)`);
  if (error === null) return;
  failures.push(`${title}: ${error.split("\n")[0]}`);
  console.log(error.replace(/^/gm, "    "));
}

export function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
