// Takes heap profiles of its own by Node's call for it (Node 26), before, in and after the time of a window without inlining.
const v8 = require("node:v8");

const harness = globalThis.harness;
const sink = new Array(64);
const errors = [];
const faults = [];
let profiles = 0;
let heapWindowMicros = 0;
let cutAt = 0;
const began = performance.now();

function burst() {
  for (let n = 0; n < 100_000; n++) sink[n & 63] = { n, twice: [n, n] };
  if (performance.now() - cutAt > 250) {
    cutAt = performance.now();
    const window = harness.cut();
    faults.push(...window.faultTexts);
    heapWindowMicros += window.own.heapWindowMicros;
    // In the window: while it is open, its time counts up.
    if (window.own.heapWindowMicros > 0 || profiles === 0) {
      try {
        const handle = v8.startHeapProfile({ sampleInterval: 65_536 });
        for (let n = 0; n < 100_000; n++) sink[n & 63] = { n, own: [n, n] };
        if (JSON.parse(handle.stop()).samples.length > 0) profiles++;
      } catch (error) {
        errors.push(String(error));
      }
    }
  }
  if (performance.now() - began < 4_000) setImmediate(burst);
  else {
    harness.stop();
    const { name, length } = v8.startHeapProfile ?? (() => {});
    console.log(JSON.stringify({ errors, faults, profiles, heapWindowMicros, name, length }));
  }
}
burst();
