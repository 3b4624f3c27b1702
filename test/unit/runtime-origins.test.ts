// Events on behalf of an object: charged to the line that made it, unbiased when only some objects have a stack.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Meter } from "../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../src/runtime/sampling/stackTable.ts";

const NOTHING = [] as unknown as IArguments;

function eventsOf(meter: Meter, stream: object, count: number): void {
  const operation = meter.operation("round trip", "fs.read");
  const record = () => {
    for (let event = 0; event < count; event++) meter.record(operation, 2, record);
  };
  meter.origins.run(meter.origins.find(stream), record, undefined, NOTHING);
}
// Two lines that make streams; what they make is told as made by their caller, which is this file.
function makeShort(meter: Meter): object {
  const stream = {};
  meter.origins.made(stream, makeShort, "fs.createReadStream");
  return stream;
}
function makeLong(meter: Meter): object {
  const stream = {};
  meter.origins.made(stream, makeLong, "fs.createReadStream");
  return stream;
}

test("every object has a stack while the budget lasts: exact, and under the maker's caller", () => {
  const stacks = new StackTable();
  const meter = new Meter(stacks, 50);
  for (let at = 0; at < 5; at++) {
    eventsOf(meter, makeShort(meter), 2);
    eventsOf(meter, makeLong(meter), 6);
  }
  const { cells, samples, operations } = meter.drain();
  assert.deepEqual(operations[1], [1, "round trip", "fs.createReadStream"]);
  assert.deepEqual(
    cells.map(([, , count, amount]) => [count, amount]),
    [[40, 80]],
  );
  const bySite = samples.map(([, , , , taken, count, amount]) => [taken, count, amount]);
  assert.deepEqual(bySite.sort(), [
    [10, 10, 20],
    [30, 30, 60],
  ]);
});

test("some objects stand for all: shares are right over many, and an object's events are one sample", () => {
  const stacks = new StackTable();
  const meter = new Meter(stacks, 20);
  const amountOf = new Map<number, number>();
  let total = 0;
  let exact = 0;
  let taken = 0;
  for (let window = 0; window < 200; window++) {
    for (let at = 0; at < 100; at++) {
      eventsOf(meter, makeShort(meter), 2);
      eventsOf(meter, makeLong(meter), 6);
    }
    const { cells, samples } = meter.drain();
    // The first windows take everything.
    if (window < 5) continue;
    for (const [, , , amount] of cells) exact += amount;
    for (const [, , stack, , count, , amount, effective = count] of samples) {
      amountOf.set(stack, (amountOf.get(stack) ?? 0) + amount);
      total += amount;
      taken += effective;
    }
  }
  const shares = [...amountOf.values()].map((amount) => amount / total).sort();
  assert.equal(shares.length, 2);
  assert.ok(Math.abs((shares[0] ?? 0) - 0.25) < 0.03, `${shares}`);
  // Of 3,900 sampled objects, a third of them six times as large: 6 % off came about once in some hundred runs.
  assert.ok(Math.abs(total / exact - 1) < 0.1, `${total} of ${exact}`);
  // About 20 objects a window, not 80 events.
  assert.ok(taken / 195 < 45, `${taken / 195} samples a window`);
});

test("what an object makes on its behalf has its origin; user code that it calls has none", () => {
  const meter = new Meter(new StackTable(), 50);
  const { origins } = meter;
  const outer = makeLong(meter);
  let inner = {};
  origins.run(origins.find(outer), () => (inner = makeShort(meter)), undefined, NOTHING);
  assert.equal(origins.find(inner), origins.find(outer));
  assert.equal(origins.current, null);
  assert.throws(() =>
    origins.run(
      origins.find(outer),
      () => {
        throw new Error("the user's");
      },
      undefined,
      NOTHING,
    ),
  );
  assert.equal(origins.current, null, "also after a throw");
});
