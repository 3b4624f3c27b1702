// Buffers of known size by line: the first ones have memory of their own, the last are cut from the pool.
const harness = globalThis.harness;
// So few that each call gets a stack.
const ROUNDS = 250;
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
const small = Buffer.alloc(1_000);
const large = [Buffer.alloc(3_000)];
function turnsSmall() {
  return Buffer.from(small);
}
function turnsLarge() {
  return Buffer.concat(large);
}
harness.cut();
const poolSize = Buffer.poolSize;
const before = process.memoryUsage().arrayBuffers;
for (let i = 0; i < ROUNDS; i++) {
  keep.push(alloc(), slow(), unsafe(), concat(), fromText(), fromBytes(), view(), tiny());
}
const kept = process.memoryUsage().arrayBuffers - before;
for (let i = 0; i < ROUNDS; i++) turnsSmall(turnsLarge());
const windows = [harness.cut()];
// More calls than get a stack each.
for (let i = 0; i < ROUNDS * 100; i++) pooled();
windows.push(harness.cut());
const all = (key) => windows.flatMap((window) => window[key]);
console.log(
  JSON.stringify({
    rounds: ROUNDS,
    poolSize,
    exact: all("exact").filter((row) => row.kind === "buffers"),
    samples: all("samples")
      .filter((row) => row.kind === "buffers")
      .map((row) => ({
        callee: row.callee,
        amount: row.amount,
        name: row.stack.find((f) => f.url.endsWith("buffers.cjs"))?.name,
      })),
    kept,
    faults: all("faultTexts"),
    names: [Buffer.alloc.name, Buffer.from.length, Buffer.concat.name],
  }),
);
