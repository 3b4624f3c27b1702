// A left-on server's seconds, by its recording's windows.
import assert from "node:assert/strict";
import { it } from "node:test";
import { leftOn, spellsOf } from "../bench/spells.ts";

/** Ten requests a second, of so many microseconds each. */
function readings(micros: readonly number[]) {
  let cpuMillis = 0;
  const list = [{ atMicros: 0, cpuMillis, requests: 0 }];
  for (const [index, each] of micros.entries()) {
    cpuMillis += each / 100;
    list.push({ atMicros: (index + 1) * 1e6, cpuMillis, requests: (index + 1) * 10 });
  }
  return list;
}
const window = (from: number, to: number, restMicros = 0) => ({
  startMicros: from * 1e6,
  endMicros: to * 1e6,
  restMicros,
});

it("tells spells, rests and what lies between", () => {
  const list = readings([10, 12, 11, 30, 5, 6, 5, 40, 13]);
  const windows = [window(0, 0.5), window(0.5, 1), window(1.01, 3), window(3, 3.4), window(7.6, 9)];
  const { spell, rest, edges, seconds } = spellsOf(list, windows);
  assert.deepEqual([...seconds], [4, 3, 2]);
  for (const [found, truth] of [
    [spell, 11.5],
    [rest, 5],
    [edges, 35],
  ])
    assert.ok(Math.abs((found ?? 0) - (truth ?? 0)) < 1e-9, `${found} for ${truth}`);
});

it("a window that was joined over a rest tells of neither", () => {
  const { seconds } = spellsOf(readings([10, 10, 10]), [window(0, 2, 1e6), window(2, 3)]);
  assert.deepEqual([...seconds], [1, 0, 0]);
});

it("say what a server that is left on pays: the spells' part of the time and the edges", () => {
  // 20 s a fifth dearer and 2 s half as dear again, of 260.
  const spells = { spell: 12, rest: 10, edges: 15, seconds: [20, 150, 2] } as const;
  assert.ok(Math.abs(leftOn(spells) - (1 + (20 * 0.2 + 2 * 0.5) / 260)) < 1e-9);
  assert.ok(Math.abs(leftOn({ ...spells, edges: Number.NaN, seconds: [20, 150, 0] }) - (1 + 4 / 260)) < 1e-9);
});
