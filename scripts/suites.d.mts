// Types of suites.mjs, for the tests.
export interface SuitesResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly remarks: readonly string[];
}

export function runSuites(
  files: readonly string[],
  how: {
    readonly options: readonly string[];
    readonly env: NodeJS.ProcessEnv;
    readonly cwd: string;
    readonly again: boolean;
  },
): SuitesResult;
