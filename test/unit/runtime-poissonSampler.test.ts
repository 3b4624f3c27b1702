// The sampler's promise: sums of weighted samples are right on average, for any sizes, while it adapts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PoissonSampler } from "../../src/runtime/sampling/poissonSampler.ts";
import { seeded } from "./seeded.ts";

describe("PoissonSampler", () => {
  it("takes every event with weight 1 while there are few", () => {
    const sampler = new PoissonSampler(50, seeded(1));
    for (let i = 0; i < 50; i++) assert.equal(sampler.take(1000), 1);
  });

  it("takes every event again after a window that had few", () => {
    const sampler = new PoissonSampler(50, seeded(1));
    for (let i = 0; i < 10_000; i++) sampler.take(1000);
    sampler.endWindow(50);
    for (let i = 0; i < 50; i++) sampler.take(1000);
    sampler.endWindow(50);
    for (let i = 0; i < 50; i++) assert.equal(sampler.take(1000), 1);
  });

  it("never takes an event of no amount", () => {
    const sampler = new PoissonSampler(50, seeded(1));
    assert.equal(sampler.take(0), 0);
  });

  it("keeps to its budget under load, after one window", () => {
    const sampler = new PoissonSampler(50, seeded(2));
    const taken: number[] = [];
    for (let window = 0; window < 20; window++) {
      let count = 0;
      for (let i = 0; i < 100_000; i++) if (sampler.take(64) > 0) count++;
      taken.push(count);
      sampler.endWindow(50);
    }
    assert.ok((taken[0] as number) < 1_000, `the first window took ${taken[0]}`);
    const later = taken.slice(5).reduce((sum, n) => sum + n, 0) / 15;
    assert.ok(later > 35 && later < 65, `${later} a window`);
  });

  it("keeps near its budget when a load sets in after a window without events", () => {
    let elapsed = 0.002;
    const sampler = new PoissonSampler(50, seeded(5), () => elapsed);
    let worst = 0;
    for (let window = 0; window < 20; window++) {
      let count = 0;
      for (let i = 0; i < 100_000; i++) {
        elapsed = Math.max(0.002, i / 100_000);
        if (sampler.take(64) > 0) count++;
      }
      worst = Math.max(worst, count);
      sampler.endWindow(50);
      sampler.endWindow(50);
    }
    assert.ok(worst < 160, `a window took ${worst}`);
  });

  it("estimates amounts without bias over mixed sizes, adapting all the while", () => {
    const random = seeded(3);
    let truth = 0;
    let estimate = 0;
    for (let run = 0; run < 40; run++) {
      let elapsed = 0;
      const sampler = new PoissonSampler(50, random, () => elapsed);
      for (let window = 0; window < 10; window++) {
        for (let i = 0; i < 2_000; i++) {
          elapsed = Math.max(0.002, i / 2_000);
          const amount = i % 97 === 0 ? 1_000_000 : i % 7 === 0 ? 4_096 : 16;
          truth += amount;
          estimate += sampler.take(amount) * amount;
        }
        sampler.endWindow(50);
      }
    }
    const error = Math.abs(estimate / truth - 1);
    assert.ok(error < 0.02, `off by ${(error * 100).toFixed(2)} %`);
  });

  it("takes everything again once the load has gone", () => {
    const sampler = new PoissonSampler(10, seeded(4));
    for (let i = 0; i < 100_000; i++) sampler.take(1000);
    for (let window = 0; window < 60; window++) sampler.endWindow(10);
    assert.ok(sampler.take(1000) > 0.99);
  });
});
