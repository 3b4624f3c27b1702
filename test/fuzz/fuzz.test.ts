// Fuzzing: a part of `npm run fuzz` that every `npm test` runs, each time with another seed.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Chance } from "./chance.ts";
import { fuzzInProcess } from "./inProcess.ts";
import { type Outcome, outcomeText } from "./outcome.ts";
import { fuzzRecordings } from "./recordings.ts";
import { fuzzSocket } from "./socket.ts";
import { recordTraffic, type Traffic } from "./traffic.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
let traffic: Traffic;
before(async () => {
  traffic = await recordTraffic(6);
});

async function fuzz(
  name: string,
  run: (traffic: Traffic, chance: Chance, count: number) => Promise<Outcome>,
  count: number,
): Promise<void> {
  const outcome = await run(traffic, new Chance(seed), count);
  console.log(`${outcomeText(name, outcome)}, seed ${seed}`);
  assert.ok(outcome.accepted > 0, "nothing was let in: the inputs are no test");
  assert.ok(outcome.inputs >= count);
  assert.equal(outcome.memory.growth, null);
}

test("what comes over the wire is refused or makes a recording that can be read", () =>
  fuzz("wire", fuzzInProcess, 5_000));
test("a session goes on beside whoever connects to it", () => fuzz("socket", fuzzSocket, 3_000));
test("a file is told from a recording, whatever it holds", () => fuzz("files", fuzzRecordings, 600));
