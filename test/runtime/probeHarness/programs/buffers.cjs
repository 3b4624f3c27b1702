// Buffers of known size by line: the first ones have memory of their own, the last are cut from the pool.
const harness = globalThis.harness;
const ROUNDS = 400;
globalThis.keep = [];
const { keep } = globalThis;
function alloc() {
  return Buffer.alloc(10_000);
}
function slow() {
  return Buffer.allocUnsafeSlow(6_000);
}
function unsafe() {
  return Buffer.allocUnsafe(Buffer.poolSize);
}
const parts = [Buffer.alloc(40_000), Buffer.alloc(40_000)];
function concat() {
  return Buffer.concat(parts);
}
const text = "x".repeat(100_000);
function fromText() {
  return Buffer.from(text);
}
const bytes = new Uint8Array(90_000);
function fromBytes() {
  return Buffer.from(bytes);
}
const memory = new ArrayBuffer(50_000);
function view() {
  return Buffer.from(memory);
}
function tiny() {
  return Buffer.alloc(16);
}
function pooled() {
  return Buffer.allocUnsafe(100);
}
harness.cut();
const poolSize = Buffer.poolSize;
const before = process.memoryUsage().arrayBuffers;
for (let i = 0; i < ROUNDS; i++) {
  keep.push(alloc(), slow(), unsafe(), concat(), fromText(), fromBytes(), view(), tiny());
}
for (let i = 0; i < ROUNDS * 100; i++) pooled();
const window = harness.cut();
console.log(
  JSON.stringify({
    rounds: ROUNDS,
    poolSize,
    exact: window.exact.filter((row) => row.kind === "buffers"),
    samples: window.samples
      .filter((row) => row.kind === "buffers")
      .map((row) => ({
        callee: row.callee,
        amount: row.amount,
        name: row.stack.find((f) => f.url.endsWith("buffers.cjs"))?.name,
      })),
    kept: process.memoryUsage().arrayBuffers - before,
    faults: window.faultTexts,
    names: [Buffer.alloc.name, Buffer.from.length, Buffer.concat.name],
  }),
);
