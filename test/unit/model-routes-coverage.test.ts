// Unit tests: the ± that a route's costs show holds the truth 19 times of 20, sampled by the runtime's own sampler, whether
// all requests are followed or some.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { CellRow, RouteSampleRow, SampleRow } from "../../src/protocol/window.ts";
import { PoissonSampler } from "../../src/runtime/sampling/poissonSampler.ts";
import { KnownProfile } from "./knownProfile.ts";
import { seeded } from "./seeded.ts";

interface Route {
  /** Of all requests. */
  readonly part: number;
  readonly events: number;
  readonly low: number;
  readonly high: number;
}
const ROUTES: readonly Route[] = [
  { part: 0.6, events: 2, low: 200, high: 2_000 },
  { part: 0.3, events: 6, low: 1_000, high: 1_001 },
  { part: 0.1, events: 10, low: 500, high: 30_000 },
];
const WINDOWS = 8;
const REQUESTS_PER_WINDOW = 400;
const SAMPLES_PER_WINDOW = 50;
const REPLICATES = 300;

interface Outcome {
  told: number;
  held: number;
  readonly bias: number[];
}

function replicate(followed: number, random: () => number, outcome: Outcome): void {
  const known = new KnownProfile();
  const copy = known.operation("copy", "Buffer.from");
  const stack = known.stack("server.ts:5 handle");
  const ids = ROUTES.map((_, at) => known.route("GET", `/${at}`));
  known.worker();
  const sampler = new PoissonSampler(SAMPLES_PER_WINDOW, random);
  const truth = ROUTES.map(() => ({ bytes: 0, requests: 0 }));
  for (let window = 0; window < WINDOWS; window++) {
    const cells = new Map<number, [count: number, amount: number]>();
    const samples: SampleRow[] = [];
    const routeSamples: RouteSampleRow[] = [];
    const counts = ROUTES.map(() => [0, 0]);
    for (let request = 0; request < REQUESTS_PER_WINDOW; request++) {
      const drawn = random();
      const at = drawn <= 0.6 ? 0 : drawn <= 0.9 ? 1 : 2;
      const route = ROUTES[at] as Route;
      const isFollowed = random() <= followed;
      const of = truth[at] as (typeof truth)[number];
      const count = counts[at] as number[];
      of.requests++;
      count[0] = (count[0] ?? 0) + 1;
      if (isFollowed) count[1] = (count[1] ?? 0) + 1;
      for (let event = 0; event < route.events; event++) {
        const amount = Math.round(route.low * (route.high / route.low) ** random());
        of.bytes += amount;
        const sizeClass = 32 - Math.clz32(amount);
        const cell = cells.get(sizeClass) ?? [0, 0];
        cells.set(sizeClass, [cell[0] + 1, cell[1] + amount]);
        const weight = sampler.take(amount);
        if (weight === 0) continue;
        samples.push([copy, sizeClass, stack, 0, 1, weight, weight * amount]);
        if (isFollowed) routeSamples.push([copy, sizeClass, stack, ids[at] ?? 0, 1, weight, weight * amount]);
      }
    }
    sampler.endWindow(SAMPLES_PER_WINDOW);
    known.window(0, window, {
      cells: [...cells].map(([sizeClass, sums]): CellRow => [copy, sizeClass, ...sums]),
      samples,
      requests: counts.map(([count = 0], at) => [ids[at] ?? 0, count, count * 1_000, [[100, count]]]),
      routeFacts: counts.map(([, count = 0], at) => [ids[at] ?? 0, 0, count, 0, 0]),
      routeSamples,
    });
  }
  for (const { route, costs } of toReport(known.profile()).requests.routes) {
    const at = Number(route.slice(1));
    const { bytes = 0, requests = 1 } = truth[at] ?? {};
    const right = bytes / requests;
    if (costs.copies === null) continue;
    const { perRequest, relativeError } = costs.copies;
    outcome.bias[at] = (outcome.bias[at] ?? 0) + (perRequest / right - 1) / REPLICATES;
    if (relativeError === null) continue;
    outcome.told++;
    if (Math.abs(perRequest - right) <= relativeError * perRequest) outcome.held++;
  }
}

for (const [followed, seed] of [
  [1, 1],
  [0.1, 2],
] as const) {
  test(`95 % intervals by route, ${followed * 100} % of the requests followed`, (context) => {
    const random = seeded(20_261_000 + seed);
    const outcome: Outcome = { told: 0, held: 0, bias: [] };
    for (let n = 0; n < REPLICATES; n++) replicate(followed, random, outcome);
    const coverage = outcome.held / outcome.told;
    context.diagnostic(
      `coverage ${coverage.toFixed(3)} of ${outcome.told}, bias ${outcome.bias.map((b) => b.toFixed(3)).join(" ")}`,
    );
    assert.ok(outcome.told > REPLICATES * 2);
    assert.ok(coverage >= 0.93, `coverage ${coverage}`);
    // With a tenth of the samples the mean over all replicates is off by 3 % itself.
    const tolerance = 0.03 / Math.sqrt(followed);
    assert.ok(outcome.bias.every((bias) => Math.abs(bias) < tolerance));
  });
}
