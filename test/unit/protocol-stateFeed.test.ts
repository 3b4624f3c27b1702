// Unit tests: the whole state once and then what becomes other make the same state in the panel, whatever is lost on the way.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PanelState } from "../../src/protocol/panel.ts";
import { type StateMessage, StateReceiver, StateSender } from "../../src/protocol/stateFeed.ts";
import { GrowingFigures } from "../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../src/recording/idle.ts";
import { LARGE, makeSession } from "../bench/panel/session.ts";

const aState = fc
  .record(
    {
      phase: fc.constantFrom("waiting", "recording", "stopped"),
      elapsedMs: fc.nat(),
      hint: fc.string(),
      suppressed: fc.array(fc.string()),
      loadRunning: fc.boolean(),
      error: fc.option(fc.record({ message: fc.string(), remedy: fc.string() })),
    },
    { requiredKeys: ["phase", "elapsedMs"] },
  )
  .map((some) => ({ ...PANEL_IDLE, ...some }) as PanelState);

/** As VS Code takes it to the page. */
const sent = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;

test("the panel has the host's state, and asks where a message is missing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(aState, fc.constantFrom("arrives", "arrives", "arrives", "lost"))),
      (steps) => {
        const sender = new StateSender();
        const receiver = new StateReceiver();
        let lost = false;
        for (const [state, fate] of steps) {
          const message = sender.next(state);
          if (message === null) continue;
          if (fate === "lost") {
            lost = true;
            continue;
          }
          const shown = receiver.take(sent(message));
          if (!lost || message.type === "state") {
            assert.deepEqual(shown, sent(state));
            lost = false;
            continue;
          }
          assert.equal(shown, null);
          sender.restart();
          assert.deepEqual(receiver.take(sent(sender.next(state) as StateMessage)), sent(state));
          lost = false;
        }
      },
    ),
  );
});

test("a page that is new gets the whole state, deltas of the one before are none of its", () => {
  const sender = new StateSender();
  sender.next(PANEL_IDLE);
  const late = sender.next({ ...PANEL_IDLE, elapsedMs: 1 }) as StateMessage;
  assert.equal(late.type, "delta");
  const page = new StateReceiver();
  assert.equal(page.take(late), null);
  sender.restart();
  const whole = sender.next({ ...PANEL_IDLE, elapsedMs: 2 }) as StateMessage;
  assert.deepEqual([whole.type, page.take(whole)?.elapsedMs], ["state", 2]);
});

test("one that can't be of this state is as if it were missing", () => {
  const receiver = new StateReceiver();
  receiver.take({ type: "state", version: 2, sequence: 1, state: PANEL_IDLE });
  const delta = ["{", { elapsedMs: ["[", 1, null, []] }, []] as const;
  assert.equal(receiver.take({ type: "delta", version: 2, sequence: 2, delta }), null);
});

test("of a recording that grows: the same figures as whole ones, for a part of what they take", () => {
  const profile = makeSession({ ...LARGE, events: 16_000, stacks: 200, seconds: 12, workers: 2 });
  const sender = new StateSender();
  const receiver = new StateReceiver();
  const growing = new GrowingFigures();
  let figures = growing.whole({ ...profile, windows: profile.windows.slice(0, 4) }, 60);
  let [whole, posted, messages] = [0, 0, 0];
  for (let count = 6; count <= profile.windows.length; count += 2) {
    const now = { ...profile, windows: profile.windows.slice(0, count) };
    // Every other one is refreshed alone.
    figures = (count % 4 === 0 ? null : growing.refreshed(figures, now, 60, null)) ?? growing.whole(now, 60);
    const { details: _, others: __, ...shown } = figures;
    const state: PanelState = { ...PANEL_IDLE, phase: "recording", elapsedMs: count * 250, ...shown };
    const message = sender.next(state) as StateMessage;
    assert.deepEqual(receiver.take(sent(message)), sent(state));
    whole += JSON.stringify(state).length;
    posted += JSON.stringify(message).length;
    messages++;
  }
  assert.ok(messages > 15);
  assert.ok(posted < whole / 2, `${posted} of ${whole} characters`);
});
