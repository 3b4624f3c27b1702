// Voluntary switches of a known number: each `Atomics.wait` puts this thread to sleep once. On the main thread
// and, the same again, in a worker.
const { Worker, isMainThread, parentPort } = require("node:worker_threads");
const WAITS = 200;
const harness = globalThis.harness;
const cell = new Int32Array(new SharedArrayBuffer(4));
const figures = (window) => ({ thread: window.thread, process: window.process, faults: window.faultTexts });

function waits() {
  harness.cut();
  for (let i = 0; i < WAITS; i++) Atomics.wait(cell, 0, 0, 1);
  return figures(harness.cut());
}

if (!isMainThread) {
  parentPort.postMessage(waits());
  parentPort.once("message", () => process.exit());
} else {
  const main = waits();
  const worker = new Worker(__filename, { execArgv: ["--require", process.env.HARNESS_PATH] });
  // Its thread is there, and has not told yet that it is a worker.
  harness.cut();
  worker.once("error", (error) => {
    throw error;
  });
  worker.once("message", (inWorker) => {
    require("node:fs").stat(__filename, () => {
      const withWorker = figures(harness.cut());
      worker.once("exit", () => {
        const after = figures(harness.cut());
        console.log(JSON.stringify({ waits: WAITS, main, worker: inWorker, withWorker, after }));
      });
      worker.postMessage("leave");
    });
  });
}
