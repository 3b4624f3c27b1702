// Ten allocating functions, small enough that all inline into `handler`. The truth is by construction: V8's
// array is 32 bytes and its elements 16 + 8 for each; an object literal is 24 and 8 for each property.
const harness = globalThis.harness;
const sink = new Array(64);
let calls = 0;
const array = (n) => 48 + 8 * n;
const truth = {
  tenFields: 24 + 80,
  pair: 24 + 16,
  small: array(4),
  fifteen: array(15),
  forty: array(40),
  ninety: array(90),
  hundred: array(100),
  twoHundred: array(200),
  threeHundred: array(300),
  twice: 2 * array(30),
};
function tenFields(i) {
  return { a: i, b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7, i: 8, j: 9 };
}
function pair(i) {
  return { left: i, right: 1 };
}
function small() {
  return new Array(4);
}
function fifteen() {
  return new Array(15);
}
function forty() {
  return new Array(40);
}
function ninety() {
  return new Array(90);
}
function hundred() {
  return new Array(100);
}
function twoHundred() {
  return new Array(200);
}
function threeHundred() {
  return new Array(300);
}
function twice(i) {
  sink[(i + 1) & 63] = new Array(30);
  return new Array(30);
}
function handler() {
  const i = calls++;
  sink[i & 63] = tenFields(i);
  sink[(i + 5) & 63] = pair(i);
  sink[(i + 10) & 63] = small();
  sink[(i + 15) & 63] = fifteen();
  sink[(i + 20) & 63] = forty();
  sink[(i + 25) & 63] = ninety();
  sink[(i + 30) & 63] = hundred();
  sink[(i + 35) & 63] = twoHundred();
  sink[(i + 40) & 63] = threeHundred();
  sink[(i + 45) & 63] = twice(i);
}

const { Session } = require("node:inspector");
const session = new Session();
session.connect();
const ask = (method, parameters) => {
  let answer;
  session.post(method, parameters, (error, result) => {
    answer = error ?? result;
  });
  return answer;
};
if (process.env.USER_COVERAGE) {
  ask("Profiler.enable");
  ask("Profiler.startPreciseCoverage", { callCount: true });
}
if (process.env.USER_SAMPLER) {
  ask("HeapProfiler.startSampling", {
    samplingInterval: 1024 * 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
}
/** What the user's own tools tell at the end. */
function theirs() {
  if (process.env.USER_SAMPLER) {
    const ofAll = (node) => node.selfSize + node.children.reduce((sum, child) => sum + ofAll(child), 0);
    return ofAll(ask("HeapProfiler.stopSampling").profile.head);
  }
  if (!process.env.USER_COVERAGE) return 0;
  const scripts = ask("Profiler.takePreciseCoverage").result;
  const functions = scripts.find(({ url }) => url.endsWith("inlinedSites.cjs")).functions;
  return functions.find(({ functionName }) => functionName === "handler").ranges[0].count;
}

const least = Number(process.env.LEAST_MILLIS ?? 0);
const wanted = Number(process.env.WANTED_SAMPLES ?? 6_000);
const most = Number(process.env.MOST_MILLIS ?? 60_000);
const began = Date.now();
const found = {};
const objects = {};
let samples = 0;
let handlerCalls = 0;
let exactBytes = 0;
let exactCount = 0;
let heapWindowMicros = 0;
let ownMicros = 0;
let wallMicros = 0;
const notices = [];
const faults = [];
let wall = 0;

function burst() {
  // Some load, not all there is: the loop must have time for its timers.
  for (let i = 0; i < 2_000; i++) handler();
  if (performance.now() - wall > 250) {
    wall = performance.now();
    const window = harness.cut();
    handlerCalls = calls;
    notices.push(...window.notices);
    faults.push(...window.faultTexts);
    heapWindowMicros += window.own.heapWindowMicros;
    ownMicros += window.own.windowMicros;
    wallMicros += window.wallMicros;
    for (const row of window.exact) {
      if (row.kind !== "objects") continue;
      exactBytes += row.amount;
      exactCount += row.count;
    }
    for (const row of window.samples) {
      if (row.kind !== "objects") continue;
      const name = row.stack[0]?.name ?? "?";
      found[name] = (found[name] ?? 0) + row.amount;
      objects[name] = (objects[name] ?? 0) + row.count;
      samples += row.samples;
    }
  }
  if ((samples < wanted || Date.now() - began < least) && Date.now() - began < most) setImmediate(burst);
  else {
    harness.stop();
    console.log(
      JSON.stringify({
        theirs: theirs(),
        calls,
        truth,
        found,
        objects,
        samples,
        handlerCalls,
        exactBytes,
        exactCount,
        heapWindowMicros,
        ownMicros,
        wallMicros,
        notices,
        faults,
      }),
    );
  }
}
burst();
