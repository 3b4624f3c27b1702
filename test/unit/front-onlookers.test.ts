// Front: load that is asked for is measured from its first request to its last, in a rest and with the panel hidden, too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Rests } from "../../src/collector/rests.ts";
import { RestSpans } from "../../src/model/restSpans.ts";
import { Onlookers } from "../../src/recording/onlookers.ts";

const OPTIONS = { firstMillis: 60_000, spellMillis: 20_000, restMillis: 100_000 };

function session() {
  let now = 0;
  const rests = new Rests(OPTIONS, new RestSpans(), () => undefined, {
    nowMicros: () => now * 1_000,
    after: () => () => undefined,
  });
  const worker = {};
  /** Under load. */
  const run = (seconds: number) => {
    for (let at = 0; at < seconds; at++) {
      now += 1_000;
      rests.window(worker, 1_000, 1_000);
    }
  };
  const onlookers: Onlookers = new Onlookers(() => rests.watch(onlookers.any));
  return { rests, run, onlookers };
}

/** Load as the extension knows it: a promise of its end. */
function load() {
  let end: (error?: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { done, end: (error?: Error) => end(error) };
}

test("load ends a rest, and there is none until it ends, whoever opens and hides the panel meanwhile", async () => {
  const { rests, run, onlookers } = session();
  run(61);
  assert.ok(rests.resting);
  const { done, end } = load();
  const over = onlookers.until(done);
  assert.ok(!rests.resting);
  run(120);
  assert.ok(!rests.resting);
  onlookers.setSeen(true);
  onlookers.setSeen(false);
  run(120);
  assert.ok(!rests.resting);
  end();
  await over;
  run(1);
  assert.ok(rests.resting);
});

test("load that fails ends too, and the panel that is seen goes on", async () => {
  const { rests, run, onlookers } = session();
  onlookers.setSeen(true);
  const { done, end } = load();
  const over = onlookers.until(done);
  end(new Error("refused"));
  await over;
  run(120);
  assert.ok(!rests.resting);
  onlookers.setSeen(false);
  run(1);
  assert.ok(rests.resting);
});
