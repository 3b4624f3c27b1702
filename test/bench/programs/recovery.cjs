// Benchmark program: two loads in turn, each of them hot before a heap window opens, and the processor time that a call of
// theirs takes in every slice of time. Runs under the probe harness, which opens the windows.
"use strict";

const { harness } = globalThis;
const SLICE_MILLIS = 200;
const windowsWanted = Number(process.env.BENCH_WINDOWS ?? 4);

/** Small functions that inline into one another: a window without inlining costs these most. */
const sink = new Array(64);
const pair = (n) => ({ left: n, right: n });
const row = (n) => [n, n, n, n];
const total = ({ left, right }) => left + right;
function small(calls) {
  let sum = 0;
  for (let n = 0; n < calls * 100; n++) {
    const made = pair(n);
    sum += total(made);
    sink[n & 63] = row(sum & 255);
  }
  return sum;
}

/** What a handler does: parse, look up, sort, join, serialise. */
const body = JSON.stringify({
  lines: Array.from({ length: 20 }, (_, id) => ({ id, sku: `sku-${id}`, units: id % 5, price: id * 1.5 })),
});
function handler() {
  const order = JSON.parse(body);
  const priced = order.lines
    .filter(({ units }) => units > 0)
    .map((line) => ({ ...line, sum: line.units * line.price }));
  priced.sort((a, b) => b.sum - a.sum);
  const names = priced.map(({ sku }) => sku.toUpperCase()).join(",");
  return JSON.stringify({ names, total: priced.reduce((sum, line) => sum + line.sum, 0) });
}

const LOADS = { small: () => small(100), handler: () => handler() };
const slices = [];
let windows = 0;
let open = false;

function slice() {
  const micros = {};
  const until = performance.now() + SLICE_MILLIS;
  const calls = { small: 0, handler: 0 };
  while (performance.now() < until) {
    for (const [name, load] of Object.entries(LOADS)) {
      const before = process.cpuUsage();
      for (let n = 0; n < (name === "small" ? 10 : 40); n++) load();
      const { user, system } = process.cpuUsage(before);
      micros[name] = (micros[name] ?? 0) + user + system;
      calls[name] += name === "small" ? 10 : 40;
    }
  }
  const { heapWindowMicros } = harness.cut().own;
  if (heapWindowMicros > 0 && !open) windows++;
  open = heapWindowMicros > 0;
  slices.push({
    at: performance.now(),
    open,
    small: micros.small / calls.small,
    handler: micros.handler / calls.handler,
  });
  // The last window's recovery, too.
  const done =
    windows >= windowsWanted &&
    !open &&
    slices.at(-25)?.open === false &&
    slices.slice(-25).every((s) => !s.open);
  if (!done) setImmediate(slice);
  else {
    harness.stop();
    console.log(JSON.stringify({ slices }));
  }
}
slice();
