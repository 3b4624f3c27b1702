// Allocates a known number of bytes in one of several ways that are hard for a total that is worked out from collections. V8's array
// is 32 bytes and its elements 16 + 8 for each.
const harness = globalThis.harness;
const bytesOf = (length) => 48 + 8 * length;
const sink = new Array(64).fill(null);
const kept = new Array(40_000).fill(null);
let keeping = 0;
let known = 0;
function make(length) {
  known += bytesOf(length);
  return new Array(length);
}
function throwAway(length, times) {
  for (let i = 0; i < times; i++) sink[i & 63] = make(length);
}

let turn = 0;
/** One turn of the loop each. */
const WAYS = {
  // Several young generations in one turn, then nearly nothing.
  bursts() {
    throwAway(120, turn % 10 === 0 ? 60_000 : 50);
  },
  // In spaces of their own: more than half a page each.
  large() {
    throwAway(60_000, 4);
  },
  // Less than the young generation holds, over the whole run: no collection need happen.
  few() {
    throwAway(200, 300);
  },
  // Nearly all of it survives, is kept for a while and then dropped: the whole heap is collected.
  kept() {
    for (let i = 0; i < 40; i++) kept[keeping++ % kept.length] = make(250);
    if (keeping % kept.length < 40) kept.fill(null);
  },
  // From quiet to busy, by and by.
  ramp() {
    throwAway(40, turn * 4);
  },
};

const way = WAYS[process.env.WAY];
const most = Number(process.env.MOST_MILLIS ?? 4_000);
const notices = [];
const faults = [];
let exactBytes = 0;
let knownAtCut = 0;
let cutAt = 0;
let base = 0;
const began = performance.now();

function go() {
  turn++;
  way();
  if (performance.now() - cutAt > 250) {
    const window = harness.cut();
    // The program's own beginnings are in the first one.
    if (cutAt === 0) base = known;
    else for (const row of window.exact) if (row.kind === "objects") exactBytes += row.amount;
    knownAtCut = known;
    cutAt = performance.now();
    notices.push(...window.notices);
    faults.push(...window.faultTexts);
  }
  if (performance.now() - began < most) setTimeout(go, process.env.WAY === "few" ? 20 : 1);
  else {
    harness.stop();
    console.log(JSON.stringify({ turn, known: knownAtCut - base, exactBytes, notices, faults }));
  }
}
setTimeout(go, 50);
