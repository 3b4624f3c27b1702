// Calibration: the entry of its process, run by the user's own Node before the server starts. Goes round all
// measurements until it has enough repeats or its time is up, then prints one line of JSON.

import type { Calibration } from "../../protocol/calibration.ts";
import { AllocationSlots } from "./allocations.ts";
import { CopySlots } from "./copies.ts";
import { HandOffSlots } from "./handOffs.ts";
import { goesOn, LAST_ROUND_MS, ROUNDS } from "./rounds.ts";
import { waitedShare } from "./waited.ts";

/** The first rounds run code that is not compiled yet. */
const WARM_UP_ROUNDS = 3;
const SPAWNS = 5;

async function calibrate(): Promise<Calibration> {
  const handOffs = new HandOffSlots();
  const copies = new CopySlots();
  const allocations = new AllocationSlots();
  // While the worker boots.
  copies.round();
  allocations.round();
  await handOffs.ready();
  let spawns = 0;
  let rounds = -WARM_UP_ROUNDS;
  // At least one of each, however slow the machine is: a price of 0 would be worse than a late one.
  do {
    if (rounds === 0) for (const slots of [copies, allocations, handOffs]) slots.restart();
    copies.round();
    allocations.round();
    await handOffs.round();
    if (spawns < SPAWNS && rounds >= 0 && performance.now() < LAST_ROUND_MS) {
      spawns++;
      await handOffs.spawnRound();
    }
    rounds++;
  } while (goesOn(rounds, performance.now()));
  if (spawns === 0) await handOffs.spawnRound();
  const result = {
    node: process.version,
    partial: rounds < ROUNDS,
    waitedShare: waitedShare(),
    copies: copies.result(),
    ...allocations.result(),
    ...handOffs.result(),
  };
  await handOffs.close();
  return { ...result, tookMs: Math.round(performance.now()) };
}

void calibrate().then((result) => process.stdout.write(`${JSON.stringify(result)}\n`));
