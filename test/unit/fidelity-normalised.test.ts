// A program's output without its process number, where that is what the digits are.
import assert from "node:assert/strict";
import { it } from "node:test";
import { onlyOtherTurns } from "../fidelity/compare.ts";
import { normalised } from "../fidelity/normalised.ts";

const facts = { scratch: "/scratch", node: "/bin/node", pid: 1912 };

it("the process number goes, a stack frame's line and column stay", () => {
  assert.equal(normalised("(node:1912) Warning: 1912", facts), "(node:PID) Warning: PID");
  assert.equal(normalised("[1912,1]", facts), "[PID,1]");
  for (const frame of ["at f (/x/preload.js:1912:118)", "at f (/x/preload.mjs:3:1912)", "at /x/a.cts:1912:1"])
    assert.equal(normalised(frame, facts), frame);
});

it("a stack whose turn another function of Node's worked off is the same, one with another frame is not", () => {
  const frames = (...rest: string[]) => ["Error: here", "    at /x/a.mjs:1:2", ...rest].join("\\n");
  const turn = [
    "    at runNextTicks (node:internal/process/task_queues:64:5)",
    "    at process.processTimers (node:internal/timers:518:9)",
  ];
  const same = (measured: string) => onlyOtherTurns({ label: "stack", plain: frames(), measured });
  assert.equal(same(frames(...turn)), true);
  assert.equal(same(frames(...turn, "    at f (node:internal/timers:518:9)")), false);
  assert.equal(same(frames("    at process.processTimers (/x/preload.js:1:2)")), false);
});
