// Types of tally.mjs, for the tests.
export declare function runnerCounts(
  output: string,
  exitCode: number | null,
): { readonly passed: number; readonly failed: number; readonly remarks: readonly string[] };
