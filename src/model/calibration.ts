// Model: whether the machine's prices, which turn amounts into impacts, can be relied on.

import type { Calibration } from "../protocol/calibration.ts";
import { formatShare } from "./format.ts";
import { t } from "./l10n.ts";

/** From here on prices came out up to several times what they are on a quiet machine. */
const BUSY_SHARE = 0.25;

/** What to say where the machine was busy while it was calibrated; null: it was not, or does not tell. */
export function busyPrices(calibration: Calibration | null): string | null {
  const share = calibration?.waitedShare ?? null;
  return share === null || share <= BUSY_SHARE
    ? null
    : t(
        "The machine was busy while its prices were measured (they waited {0} of the time for a processor): impacts may be many times too high. Record again when it is quieter.",
        formatShare(share),
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
