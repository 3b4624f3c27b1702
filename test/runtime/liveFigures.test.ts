// What the live panel is sent of a real recording, step by step: it makes the same state, and exact figures made anew are those of
// a whole report.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PanelState } from "../../src/protocol/panel.ts";
import { type StateMessage, StateReceiver, StateSender } from "../../src/protocol/stateFeed.ts";
import { type Figures, GrowingFigures } from "../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../src/recording/idle.ts";
import { exactOf, sameFigures } from "../unit/sameFigures.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

/** Of a program that is soon over, many windows. */
const SHORT_WINDOWS = { heapWindowMillis: 0, windowMillis: 10 };
const EVERY = 3;

for (const [name, node] of NODES) {
  describe(`live figures of a recording on Node ${name}`, () => {
    it("come to the panel as they are, window by window", async () => {
      const { profile, stderr, code } = await recordProgram(node, [fixture("routes.mjs")], {}, SHORT_WINDOWS);
      assert.equal(code, 0, stderr);
      const windows = profile.windows.length;
      assert.ok(windows > 4, `${windows} windows`);
      const growing = new GrowingFigures();
      const sender = new StateSender();
      const receiver = new StateReceiver();
      let figures: Figures | null = null;
      let deltas = 0;
      for (let count = 1; count <= windows; count++) {
        const now = {
          ...profile,
          measureFromMicros: profile.startedMicros,
          windows: profile.windows.slice(0, count),
        };
        if (figures === null || count % EVERY === 0) figures = growing.whole(now, 60);
        else {
          figures = growing.refreshed(figures, now, 60, null) ?? growing.whole(now, 60);
          const whole = new GrowingFigures().whole(now, 60);
          sameFigures(exactOf(figures.report), exactOf(whole.report));
          sameFigures(figures.series, whole.series);
        }
        const { report, series, scope } = figures;
        const state: PanelState = {
          ...PANEL_IDLE,
          phase: "recording",
          elapsedMs: count,
          report,
          series,
          scope,
        };
        const message = JSON.parse(JSON.stringify(sender.next(state))) as StateMessage;
        if (message.type === "delta") deltas++;
        assert.deepEqual(receiver.take(message), JSON.parse(JSON.stringify(state)));
      }
      assert.equal(deltas, windows - 1);
      assert.ok((figures?.report.requests.total ?? 0) > 0);
    });
  });
}
