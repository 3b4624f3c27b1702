// The last line of npm run fidelity -- public, and its exit code: where nothing was compared, nothing is shown to be the same.

export interface Counts {
  readonly same: number;
  readonly differ: number;
  readonly skipped: number;
}

export function verdictOf({ same, differ, skipped }: Counts): {
  readonly text: string;
  readonly code: number;
} {
  const nothing = same + differ === 0 ? ": nothing was compared" : "";
  return {
    text: `${same} the same, ${differ} with differences, ${skipped} skipped${nothing}`,
    code: differ > 0 || same === 0 ? 1 : 0,
  };
}
