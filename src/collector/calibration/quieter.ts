// Calibration: what makes a machine busy is often over a second later, as an editor that draws what it has opened. So a busy
// one is measured once more. Pure.

import { isBusy } from "../../model/calibration.ts";
import type { Calibration } from "../../protocol/calibration.ts";

type Outcome = Calibration | string;

/** The first outcome; where the machine was busy meanwhile, a second one that waited less, if it does. */
export async function quieter(run: () => Promise<Outcome>): Promise<Outcome> {
  const first = await run();
  if (typeof first === "string" || !isBusy(first)) return first;
  const second = await run();
  const waited = ({ waitedShare }: Calibration) => waitedShare ?? 1;
  return typeof second === "string" || waited(second) >= waited(first) ? first : second;
}
