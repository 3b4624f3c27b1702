// The meter: exact cells, samples that add up, and stacks that name the caller.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Meter } from "../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../src/runtime/sampling/stackTable.ts";

const make = (budget = 1_000) => new Meter(new StackTable(), budget);
function here(this: unknown): void {}

describe("Meter", () => {
  it("counts every event exactly, by size class", () => {
    const meter = make(1);
    const copy = meter.operation("copy", "Buffer.copy");
    for (let i = 0; i < 10_000; i++) meter.record(copy, 1000, here);
    meter.record(copy, 3_000_000_000, here);
    const { operations, cells } = meter.drain();
    assert.deepEqual(operations, [[0, "copy", "Buffer.copy"]]);
    assert.deepEqual(cells, [
      [0, 10, 10_000, 10_000_000],
      [0, 32, 1, 3_000_000_000],
    ]);
    assert.deepEqual(meter.drain().cells, []);
  });

  it("weighs samples so that they sum to the exact amount when all are taken", () => {
    const meter = make();
    const copy = meter.operation("copy", "Buffer.copy");
    for (let i = 1; i <= 100; i++) meter.record(copy, 600, here);
    const { samples } = meter.drain();
    assert.equal(samples.length, 1);
    assert.deepEqual(samples[0]?.slice(4), [100, 100, 60_000]);
  });

  it("says nothing while quiet", () => {
    const meter = make();
    const copy = meter.operation("copy", "Buffer.copy");
    meter.quiet++;
    meter.record(copy, 10, here);
    meter.recordSized([copy], () => [10], here);
    assert.equal(meter.reserve(copy, here), null);
    meter.quiet--;
    assert.deepEqual(meter.drain().cells, []);
  });

  it("takes as many samples however much traces of copies cost, and fewer where its own stacks are dear", () => {
    const taken = (traced: boolean): number => {
      const stacks = { captureMicros: 0, capture: () => 1 };
      const meter = new Meter(stacks as unknown as StackTable, 25, 500);
      const copy = meter.operation("copy", "Buffer.copy");
      let samples = 0;
      for (let window = 0; window < 30; window++) {
        for (let i = 0; i < 1_000; i++) meter.record(copy, 1_000, here);
        stacks.captureMicros = 1e6;
        meter.tracedMicros = traced ? stacks.captureMicros : 0;
        samples += meter.drain().samples.reduce((sum, row) => sum + row[4], 0);
      }
      return samples;
    };
    const [others, own] = [taken(true), taken(false)];
    assert.ok(others > 2 * own, `${others} and ${own}`);
  });

  it("sizes only what it samples, and scales to the exact count", () => {
    const meter = make(5);
    const clone = meter.operation("clone", "structuredClone");
    let sized = 0;
    const size = () => {
      sized++;
      return [4_096];
    };
    for (let window = 0; window < 5; window++) {
      for (let i = 0; i < 1_000; i++) meter.recordSized([clone], size, here);
      const [[operation, sizeClass, count, amount] = [], ...others] = meter.drain().cells;
      assert.deepEqual(
        [operation, sizeClass, Math.round(count ?? 0), Math.round(amount ?? 0)],
        [0, 13, 1_000, 4_096_000],
      );
      assert.equal(others.length, 0);
    }
    assert.ok(sized < 500, `${sized} values were sized`);
  });

  it("keeps the parts of sized events apart in windows without a sample", () => {
    const meter = make(5);
    const graph = meter.operation("clone", "Worker.postMessage");
    const bulk = meter.operation("copy", "Worker.postMessage");
    let unsampled = 0;
    for (let window = 0; window < 60; window++) {
      for (let i = 0; i < (window === 0 ? 100_000 : 3); i++)
        meter.recordSized([graph, bulk], () => [17, 65_536], here);
      const { cells, samples } = meter.drain();
      if (samples.length === 0) unsampled++;
      for (const [operation, , count, amount] of cells)
        assert.equal(Math.round(amount / count), operation === graph.id ? 17 : 65_536);
      assert.equal(cells.length, 2);
    }
    assert.ok(unsampled > 0, "every window had a sample");
  });

  it("keeps an event that lasts with the stack of its beginning", () => {
    const meter = make();
    const wait = meter.operation("wait", "Mutex.acquire");
    const first = meter.reserve(wait, here);
    const second = meter.reserve(wait, here);
    meter.settle(wait, 500, first, 7);
    meter.settle(wait, 100, second);
    const { cells, samples } = meter.drain();
    assert.deepEqual(
      cells.map(([, , count, amount]) => [count, amount]),
      [
        [1, 100],
        [1, 500],
      ],
    );
    assert.deepEqual(samples.map(([, , , holder, , , amount]) => [holder, amount]).sort(), [
      [0, 100],
      [7, 500],
    ]);
  });

  it("bounds the rows of a window, counts what it dropped and keeps its amount at no line", () => {
    const meter = make(1_000_000);
    const copy = meter.operation("copy", "Buffer.copy");
    for (let i = 0; i < 5_000; i++) meter.addSample(copy, 8, i + 1, 1, 1, 8);
    const { samples, droppedSamples } = meter.drain();
    const unknown = samples.filter(([, , stack]) => stack === 0);
    assert.equal(samples.length - unknown.length + droppedSamples, 5_000);
    assert.ok(droppedSamples > 0);
    assert.deepEqual(unknown, [[0, 4, 0, 0, droppedSamples, droppedSamples, 8 * droppedSamples]]);
  });

  it("tells as how many equal samples unequal ones are as good", () => {
    const meter = make();
    const copy = meter.operation("copy", "Buffer.copy");
    for (const weight of [1, 9]) meter.settle(copy, 600, { stack: 3, weight });
    for (const weight of [5, 5]) meter.settle(copy, 5, { stack: 4, weight });
    assert.deepEqual(meter.drain().samples, [
      [0, 10, 3, 0, 2, 10, 6_000, 1.22],
      [0, 3, 4, 0, 2, 10, 50],
    ]);
  });
});

describe("StackTable", () => {
  it("names the caller's line and interns it once", () => {
    const stacks = new StackTable();
    const measured = () => stacks.capture(measured);
    const ids = new Set<number>();
    for (let i = 0; i < 3; i++) ids.add(measured());
    assert.equal(ids.size, 1);
    const { scripts, frames, stacks: rows } = stacks.drain();
    const leaf = rows.find(([id]) => ids.has(id));
    const frame = frames.find(([id]) => id === leaf?.[2]);
    const url = scripts.find(([id]) => id === frame?.[1])?.[1] ?? "";
    assert.match(url, /runtime-meter\.test/);
    assert.ok((frame?.[3] ?? 0) > 0);
    assert.deepEqual(stacks.drain(), { scripts: [], frames: [], stacks: [] });
  });

  it("puts the user's own Error settings back", () => {
    const stacks = new StackTable();
    const prepare = () => "mine";
    const original = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    const limit = Error.stackTraceLimit;
    Error.prepareStackTrace = prepare;
    Error.stackTraceLimit = 3;
    stacks.capture(here);
    assert.equal(Error.prepareStackTrace, prepare);
    assert.equal(Error.stackTraceLimit, 3);
    Error.stackTraceLimit = limit;
    if (original) Object.defineProperty(Error, "prepareStackTrace", original);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
  });

  it("stays within its capacity and counts the rest", () => {
    const stacks = new StackTable(10);
    for (let i = 0; i < 20; i++) stacks.frame("file.js", `f${i}`, i + 1, 1);
    assert.equal(stacks.drain().frames.length, 10);
    assert.equal(stacks.overflowed, 10);
  });
});
