// Windows of an idle thread grow; work is told within half a second all the same, and nothing is left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  test(`windows of an idle thread on Node ${name}`, async () => {
    const { profile, stdout, stderr } = await recordProgram(node, [fixture("idleThenBusy.cjs")]);
    assert.equal(stderr, "");
    const workFromMicros = Number(stdout) * 1_000;
    const idle = profile.windows.filter(({ endMicros }) => endMicros < workFromMicros);
    const busy = profile.windows.filter(({ startMicros }) => startMicros >= workFromMicros);
    const lengths = (windows: typeof idle) =>
      windows.map(({ startMicros, endMicros }) => (endMicros - startMicros) / 1e3);
    // The first ones hold the program's start.
    assert.ok(Math.max(...lengths(idle)) > 1_500, `idle: ${lengths(idle)} ms`);
    assert.ok(busy.length >= 3, `busy: ${lengths(busy)} ms`);
    const [first] = profile.windows.filter(({ endMicros }) => endMicros >= workFromMicros);
    // The tick that follows the first event cuts it; a slow machine's timers are late.
    assert.ok((first?.cells.length ?? 0) > 0, "the first window that reaches into the work holds some of it");
    assert.equal(exactAmounts(profile, ["round trip"])["round trip fs.readFile"]?.count, 20);
    for (const [at, window] of profile.windows.entries())
      assert.equal(window.startMicros, profile.windows[at - 1]?.endMicros ?? window.startMicros, "no gaps");
  });
}
