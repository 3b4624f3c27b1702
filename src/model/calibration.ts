// Model: whether the machine's prices, which turn amounts into impacts, can be relied on.

import type { Calibration } from "../protocol/calibration.ts";
import { formatShare } from "./format.ts";
import { t } from "./l10n.ts";

/**
 * A quiet machine's share is 0.01 to 0.07. With one other program on two cores it was 0.25 to 0.33 and prices hardly differed; from
 * two on, 0.5 and more, switches came out up to seven times as dear, round trips up to three, Buffers in a busy editor nine.
 */
const BUSY_SHARE = 0.4;

export function isBusy({ waitedShare = null }: Calibration): boolean {
  return waitedShare !== null && waitedShare > BUSY_SHARE;
}

/** What to say where the machine was busy while it was calibrated; null: it was not, or does not tell. */
export function busyPrices(calibration: Calibration | null): string | null {
  return calibration === null || !isBusy(calibration)
    ? null
    : t(
        "The machine was busy while its prices were measured (they waited {0} of the time for a processor): impacts may be several times too high. Record again when it is quieter.",
        formatShare(calibration.waitedShare ?? null),
      );
}

/** The same, or that there were too few rounds: of weight where two calibrations are held against each other. */
export function roughPrices(calibration: Calibration | null): string | null {
  const partial = calibration?.partial === true;
  return (
    busyPrices(calibration) ??
    (partial
      ? t("The machine's prices were measured in part, as their time was up: impacts are rough.")
      : null)
  );
}
