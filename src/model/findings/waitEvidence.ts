// Model: how often a line waits, for how long, and what that is of a request.

import type { Hotspot, Report } from "../../protocol/report.ts";
import { formatEvents, formatNumber, formatShare, formatTime } from "../format.ts";
import { t } from "../l10n.ts";
import { partOfWhole } from "./worth.ts";

/** `1.0 wait a request at 280 req/s, 3.1 ms each: 90 % of mean latency.` */
export function waitEvidence(spot: Hotspot, report: Report): string {
  const { count, amount, kind } = spot;
  const { total, perSecond } = report.requests;
  const waits =
    total > 0
      ? t("{0} a request at {1} req/s", formatEvents(count / total, kind), formatNumber(perSecond))
      : "";
  const mean = count > 0 ? t(", {0} each", formatTime(amount / count)) : "";
  return t("{0}{1}: {2} of mean latency.", waits, mean, formatShare(partOfWhole(spot, report)));
}
