// Benchmark: what a heap window (inlining off) costs while it is open, and whether code is as fast after it as before. In
// one process, so that before and after are told by the same code on the same machine within seconds.
// npm run bench:recovery [-- ROUNDS]; the Nodes are those of DARCY_TEST_NODES.

import { run, testNodes } from "../runtime/probeHarness/run.ts";

const ROUNDS = Number(process.argv[2] ?? 2);
const BEFORE_MILLIS = 2_000;
const PAUSE_MILLIS = 6_000;

interface Slice {
  readonly at: number;
  readonly open: boolean;
  readonly small: number;
  readonly handler: number;
}

/** Of the time after a window closed, milliseconds. */
const AFTER = [
  [0, 500],
  [500, 1_500],
  [1_500, 3_000],
  [3_000, 5_000],
] as const;

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

/** Ratios to the median of the slices before, by window. */
function ratiosOf(
  slices: readonly Slice[],
  load: "small" | "handler",
): { during: number[]; after: number[][] } {
  const during: number[] = [];
  const after: number[][] = AFTER.map(() => []);
  slices.forEach((slice, at) => {
    if (!slice.open || slices[at - 1]?.open !== false) return;
    const before = slices.filter((s) => s.at < slice.at && s.at > slice.at - BEFORE_MILLIS && !s.open);
    const usual = median(before.slice(0, -1).map((s) => s[load]));
    const end = slices.findIndex((s, i) => i > at && !s.open);
    const closedAt = slices[end - 1]?.at ?? 0;
    // The edges are partly outside.
    during.push(...slices.slice(at + 1, end - 1).map((s) => s[load] / usual));
    AFTER.forEach(([from, to], part) => {
      const inside = slices.filter((s) => s.at - closedAt > from && s.at - closedAt <= to && !s.open);
      after[part]?.push(...inside.map((s) => s[load] / usual));
    });
  });
  return { during, after };
}

const format = (values: readonly number[]) => (values.length === 0 ? "–" : median(values).toFixed(3));

const LOADS = ["small", "handler"] as const;

async function main(): Promise<void> {
  for (const node of testNodes()) {
    const all = LOADS.map(() => ({ during: [] as number[], after: AFTER.map(() => [] as number[]) }));
    for (let round = 0; round < ROUNDS; round++) {
      const { slices } = await run<{ slices: Slice[] }>(node, "../../../bench/programs/recovery.cjs", {
        probes: ["gc", "heap"],
        sampling: { heapWindowPauseMillis: PAUSE_MILLIS },
      });
      LOADS.forEach((load, at) => {
        const ratios = ratiosOf(slices, load);
        all[at]?.during.push(...ratios.during);
        ratios.after.forEach((values, part) => void all[at]?.after[part]?.push(...values));
      });
    }
    LOADS.forEach((load, at) => {
      const { during = [], after = [] } = all[at] ?? {};
      const parts = AFTER.map(
        ([from, to], part) => `${from / 1000} to ${to / 1000} s ${format(after[part] ?? [])}`,
      );
      console.log(`${node.name} ${load}: in a window ${format(during)}; after it ${parts.join(", ")}`);
    });
  }
}

void main();
