// The choice of sampled waits: unbiased whatever the waits are, and holders known where slots are few.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { Faults } from "../../src/runtime/faults.ts";
import { Contention, type Turn } from "../../src/runtime/probes/locks/contention.ts";
import { Meter } from "../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../src/runtime/sampling/stackTable.ts";

const EVENTS = 400_000;
const WINDOW = 2_000;

function contentionOf(stacksPerSecond: number): {
  contention: Contention;
  meter: Meter;
  captures: () => number;
} {
  const stacks = new StackTable();
  let captures = 0;
  stacks.capture = () => ++captures && 1;
  const meter = new Meter(stacks, 50);
  const contention = new Contention("test", {
    meter,
    faults: new Faults(() => {}),
    options: { ...DEFAULT_SAMPLING, stacksPerSecond },
    mainThread: true,
    notice: () => {},
  });
  return { contention, meter, captures: () => captures };
}

describe("Contention", () => {
  for (const slots of [1, 2, 5])
    it(`estimates waits without bias, ${slots} slots`, () => {
      const { contention, meter, captures } = contentionOf(200);
      const above = () => {};
      const operation = meter.operation("wait", "test");
      const locks = Array.from({ length: 7 }, () => ({}));
      let waits = 0;
      let estimate = 0;
      let samples = 0;
      let dear = 0;
      let dearEstimate = 0;
      for (let i = 0; i < EVENTS; i++) {
        // Every third acquire waits, and those of the last lock cost a hundred times as much.
        const lock = (i * 31) % locks.length;
        const turn: Turn | null = contention.begin({ operation, above }, locks[lock] as object, slots);
        if (i % 3 === 0) {
          waits++;
          if (lock === 6) dear++;
          estimate += turn?.weight ?? 0;
          if (lock === 6) dearEstimate += turn?.weight ?? 0;
          if ((turn?.weight ?? 0) > 0) samples++;
        }
        if (i % WINDOW === 0) contention.endWindow();
      }
      // Five standard deviations of a count of samples.
      const allowed = 5 / Math.sqrt(samples);
      assert.ok(samples > 300, `${samples} samples`);
      assert.ok(Math.abs(estimate / waits - 1) < allowed, `${estimate} of ${waits}`);
      assert.ok(Math.abs(dearEstimate / dear - 1) < allowed * Math.sqrt(7), `${dearEstimate} of ${dear}`);
      // 200 a second in windows of half a second.
      assert.ok(captures() < 2.5 * 100 * (EVENTS / WINDOW), `${captures()} stacks`);
    });

  it("chooses by its own toss where nobody was before", () => {
    const { contention, meter } = contentionOf(200);
    const entry = { operation: meter.operation("wait", "test"), above: () => {} };
    const turn = contention.begin(entry, {}, 1, true);
    assert.equal(turn?.weight, 1);
    assert.equal(contention.begin(entry, {}, 1)?.weight, 0);
  });
});
