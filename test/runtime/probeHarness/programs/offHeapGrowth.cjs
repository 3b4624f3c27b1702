// Memory off the heap, a part of it by ways that no probe counts. Each tick makes ten pieces, and garbage, so that
// collections free what is not kept. Prints what was made, and what the windows tell of it.
const { setTimeout: sleep } = require("node:timers/promises");
const { randomBytes } = require("node:crypto");
const { serialize } = require("node:v8");
const { isMainThread, MessageChannel, parentPort, Worker, workerData } = require("node:worker_threads");

const KIND = isMainThread ? process.env.KIND : workerData;
const PIECE = 20_000;
const source = new ArrayBuffer(PIECE);
const long = "s".repeat(PIECE);
const kept = [];
const sums = { hidden: 0, counted: 0, uncounted: 0, told: 0, faults: [] };
let passing = {};

const hidden = {
  typed: () => new Float64Array(PIECE / 8).byteLength,
  cloned: () => structuredClone(source).byteLength,
  random: () => randomBytes(PIECE).length,
  serialised: () => serialize(long).buffer.byteLength,
  resizable: () => new ArrayBuffer(PIECE, { maxByteLength: 2 * PIECE }).byteLength,
};

function make(way) {
  passing = new Uint8Array(PIECE);
  sums.hidden += PIECE;
  if (way === "kept") kept.push(passing);
}

/** Beside each hidden byte so many that are counted. */
function count(times) {
  for (let i = 0; i < times; i++) passing = Buffer.alloc(PIECE);
  sums.counted += times * PIECE;
}

function garbage() {
  for (let i = 0; i < 3_000; i++) passing.last = { i, of: [i] };
}

function take() {
  const window = harness.cut();
  sums.uncounted += window.thread.uncountedOffHeapBytes;
  sums.faults.push(...window.faultTexts);
  for (const { kind, amount } of window.exact) if (kind === "buffers") sums.told += amount;
}

async function run() {
  const port = KIND === "given" ? channel() : null;
  // What was made before is nobody's.
  await sleep(20);
  take();
  Object.assign(sums, { hidden: 0, counted: 0, uncounted: 0, told: 0 });
  for (let tick = 0; tick < 200; tick++) {
    for (let i = 0; i < 10; i++) step(port);
    garbage();
    if (tick % 40 === 39) take();
    await sleep(1);
  }
  take();
  port?.close();
}

function step(port) {
  switch (KIND) {
    case "counted":
      return count(1);
    case "small":
      for (let i = 0; i < 20; i++) passing = Buffer.from("a short text, cut from the pool");
      return;
    case "short":
    case "kept":
      return make(KIND);
    case "beside":
      make("kept");
      return count(9);
    case "given": {
      // To ourselves: it comes back as what was not made here again.
      const memory = new ArrayBuffer(PIECE);
      sums.hidden += PIECE;
      port.postMessage(memory, [memory]);
      return;
    }
    default:
      sums.hidden += hidden[KIND]();
      return;
  }
}

function channel() {
  const { port1, port2 } = new MessageChannel();
  port2.on("message", (memory) => {
    kept.push(memory);
  });
  return port1;
}

const done = () => ({ ...sums, kept: kept.length });
if (!isMainThread) {
  if (workerData === "giver") {
    const give = () => {
      for (let i = 0; i < 10; i++) {
        const memory = new ArrayBuffer(PIECE);
        sums.hidden += PIECE;
        parentPort.postMessage(memory, [memory]);
      }
    };
    take();
    Object.assign(sums, { uncounted: 0 });
    const timer = setInterval(() => {
      give();
      if (sums.hidden < 200 * 10 * PIECE) return;
      clearInterval(timer);
      take();
      parentPort.postMessage(done());
    }, 1);
  } else run().then(() => parentPort.postMessage(done()));
} else if (KIND === "thread" || KIND === "giver") {
  // The main thread only gets what the other one makes.
  take();
  Object.assign(sums, { uncounted: 0 });
  const worker = new Worker(__filename, { workerData: KIND === "giver" ? "giver" : "beside" });
  const timer = setInterval(take, 100);
  worker.on("message", (message) => {
    if (message instanceof ArrayBuffer) {
      kept.push(message);
      passing = {};
      return garbage();
    }
    clearInterval(timer);
    take();
    console.log(JSON.stringify({ ...message, main: done() }));
  });
} else run().then(() => console.log(JSON.stringify(done())));
