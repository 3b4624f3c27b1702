// Unit tests: the ± that a hotspot shows holds the truth 19 times of 20, sampled by the runtime's own sampler.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { CellRow, SampleRow } from "../../src/protocol/window.ts";
import { PoissonSampler } from "../../src/runtime/sampling/poissonSampler.ts";
import { KnownProfile } from "./knownProfile.ts";
import { seeded } from "./seeded.ts";

interface Site {
  /** Events among 1,000 of them. */
  readonly weight: number;
  readonly amount: (random: () => number) => number;
}
interface Scene {
  readonly name: string;
  readonly sites: readonly Site[];
  readonly windows: number;
  readonly eventsPerWindow: number;
  readonly samplesPerWindow: number;
  /** Every so many windows all events come at once, between them none; default: even. */
  readonly burstEvery?: number;
}

const fixed = (amount: number) => () => amount;
const spread = (low: number, high: number) => (random: () => number) =>
  Math.round(low * (high / low) ** random());

const SCENES: readonly Scene[] = [
  {
    name: "equal events, unequal sites",
    sites: [600, 250, 100, 40, 10].map((weight) => ({ weight, amount: fixed(1_000) })),
    windows: 10,
    eventsPerWindow: 3_000,
    samplesPerWindow: 50,
  },
  {
    name: "sizes over three decades",
    sites: [
      { weight: 500, amount: spread(50, 500) },
      { weight: 300, amount: spread(100, 20_000) },
      { weight: 150, amount: fixed(4_096) },
      { weight: 50, amount: spread(10_000, 60_000) },
    ],
    windows: 10,
    eventsPerWindow: 3_000,
    samplesPerWindow: 50,
  },
  {
    name: "few samples",
    sites: [500, 300, 200].map((weight) => ({ weight, amount: spread(500, 2_000) })),
    windows: 4,
    eventsPerWindow: 1_000,
    samplesPerWindow: 10,
  },
  {
    name: "most events sampled",
    sites: [500, 300, 200].map((weight) => ({ weight, amount: spread(500, 2_000) })),
    windows: 6,
    eventsPerWindow: 60,
    samplesPerWindow: 40,
  },
  {
    // After an empty window every event is taken, until the budget is gone: then ever fewer, which weigh more.
    name: "bursts",
    sites: [500, 300, 200].map((weight) => ({ weight, amount: fixed(1_000) })),
    windows: 20,
    eventsPerWindow: 400,
    samplesPerWindow: 20,
    burstEvery: 2,
  },
];

function pick(sites: readonly Site[], drawn: number): number {
  let below = 0;
  for (const [at, { weight }] of sites.entries()) {
    below += weight;
    if (drawn <= below) return at;
  }
  return sites.length - 1;
}

/** Summed as the meter does; the last place holds the sum of the squares until `told`. */
function keep(rows: Map<number, SampleRow>, row: SampleRow): void {
  const key = row[1] * 1_000 + row[2];
  const squares = row[6] * row[6];
  const known = rows.get(key) ?? [row[0], row[1], row[2], 0, 0, 0, 0, 0];
  const sums = [known[4] + 1, known[5] + row[5], known[6] + row[6], (known[7] ?? 0) + squares] as const;
  rows.set(key, [row[0], row[1], row[2], 0, ...sums]);
}

function told(row: SampleRow): SampleRow {
  const [operation, sizeClass, stack, holder, samples, count, amount, squares = 0] = row;
  return [operation, sizeClass, stack, holder, samples, count, amount, (amount * amount) / squares];
}

interface Outcome {
  told: number;
  held: number;
  bias: number[];
}

function replicate(scene: Scene, random: () => number, outcome: Outcome): void {
  const known = new KnownProfile();
  const operation = known.operation("copy", "Buffer.from");
  const stacks = scene.sites.map((_, at) => known.stack(`site.ts:${at + 1} site${at + 1}`));
  known.route("GET", "/");
  known.worker();
  const sampler = new PoissonSampler(scene.samplesPerWindow, random);
  const truth = scene.sites.map(() => 0);
  const total = scene.sites.reduce((sum, { weight }) => sum + weight, 0);
  for (let window = 0; window < scene.windows; window++) {
    const cells = new Map<number, [count: number, amount: number]>();
    const samples = new Map<number, SampleRow>();
    const { burstEvery = 1 } = scene;
    const events = window % burstEvery === burstEvery - 1 ? scene.eventsPerWindow * burstEvery : 0;
    for (let event = 0; event < events; event++) {
      const at = pick(scene.sites, random() * total);
      const amount = scene.sites[at]?.amount(random) ?? 0;
      truth[at] = (truth[at] ?? 0) + amount;
      const sizeClass = 32 - Math.clz32(amount);
      const cell = cells.get(sizeClass) ?? [0, 0];
      cells.set(sizeClass, [cell[0] + 1, cell[1] + amount]);
      const weight = sampler.take(amount);
      if (weight > 0) keep(samples, [operation, sizeClass, stacks[at] ?? 0, 0, 1, weight, weight * amount]);
    }
    sampler.endWindow(scene.samplesPerWindow);
    const rows = [...cells].map(
      ([sizeClass, [count, amount]]): CellRow => [operation, sizeClass, count, amount],
    );
    known.window(0, window, { cells: rows, samples: [...samples.values()].map(told), latencies: [1_000] });
  }
  const { hotspots, totals } = toReport(known.profile());
  const all = truth.reduce((sum, amount) => sum + amount, 0);
  assert.equal(totals.copies.amount, all);
  const listed = hotspots.reduce((sum, spot) => sum + spot.amount, 0);
  assert.ok(Math.abs(listed - all) < 1e-6 * all, "sites add up to the total");
  scene.sites.forEach((_, at) => {
    const spot = hotspots.find(({ line, file }) => line === at + 1 && file !== "");
    const right = truth[at] ?? 0;
    outcome.bias[at] = (outcome.bias[at] ?? 0) + ((spot?.amount ?? 0) - right) / right;
    if (spot === undefined || spot.relativeError === null || spot.confidence !== "sampled") return;
    outcome.told++;
    if (Math.abs(spot.amount - right) <= spot.relativeError * spot.amount) outcome.held++;
  });
}

const REPLICATES = 300;
for (const [at, scene] of SCENES.entries()) {
  test(`95 % intervals: ${scene.name}`, (context) => {
    const random = seeded(20_260_000 + at);
    const outcome: Outcome = { told: 0, held: 0, bias: [] };
    for (let i = 0; i < REPLICATES; i++) replicate(scene, random, outcome);
    const coverage = outcome.held / outcome.told;
    const bias = outcome.bias.map((sum) => sum / REPLICATES);
    context.diagnostic(
      `coverage ${coverage.toFixed(3)} of ${outcome.told}, bias ${bias.map((b) => b.toFixed(3)).join(" ")}`,
    );
    assert.ok(outcome.told > REPLICATES, "too few intervals to judge");
    assert.ok(coverage >= 0.93, `coverage ${coverage}`);
    assert.ok(coverage < 0.999, `intervals that always hold say nothing: ${coverage}`);
    for (const b of bias.slice(0, 3)) assert.ok(Math.abs(b) < 0.05, `bias ${bias}`);
  });
}
