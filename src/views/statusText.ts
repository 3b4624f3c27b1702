// Views: what the status bar says. Pure.

import {
  CATEGORY_NAME,
  formatCount,
  formatImpact,
  formatNumber,
  formatShare,
  isWaiting,
} from "../model/format.ts";
import { scopeWords } from "../model/formatScope.ts";
import { t } from "../model/l10n.ts";
import { CATEGORIES } from "../protocol/categories.ts";
import type { PanelState } from "../protocol/panel.ts";
import type { Report } from "../protocol/report.ts";

/** `Darcy 2,304 req/s, 535 µs/req processor, 388 waiting`: the two kinds of time are never added. */
export function statusText(state: PanelState): string {
  switch (state.phase) {
    case "calibrating":
      return `$(record) ${t("Darcy: calibrating")}`;
    case "starting":
      return state.external === true
        ? `$(record) ${t("Darcy: waiting for a server")}`
        : `$(record) ${t("Darcy: starting {0}", state.title)}`;
    case "waiting":
      return `$(record) ${t("Darcy: waiting for a request")}`;
    case "stopping":
      return `$(record) ${t("Darcy: stopping {0}", state.title)}`;
    case "error":
      return "$(warning) Darcy";
    default:
      return `$(record) Darcy ${state.report === null ? state.title : figures(state.report, state.newest?.requests.perSecond ?? state.report.requests.perSecond)}`;
  }
}

/** @param perSecond as the panel's bar has it */
function figures(report: Report, perSecond: number): string {
  const { processor, waiting } = impacts(report);
  const parts = [t("{0} req/s", formatCount(perSecond))];
  if (processor !== null) parts.push(t("{0} processor", formatImpact(processor)));
  if (waiting !== null && waiting > 0)
    parts.push(t("{0} waiting", processor === null ? formatImpact(waiting) : formatNumber(waiting)));
  return parts.join(", ");
}

function impacts(report: Report): { processor: number | null; waiting: number | null } {
  const known = CATEGORIES.filter((category) => !isWaiting(category))
    .map((category) => report.totals[category].impactMicrosPerRequest)
    .filter((impact) => impact !== null);
  return {
    processor: known.length === 0 ? null : known.reduce((sum, impact) => sum + impact, 0),
    waiting: report.totals.locks.impactMicrosPerRequest,
  };
}

export function statusTooltip(state: PanelState): string {
  if (state.error !== null) return `${state.error.message} ${state.error.remedy}`;
  const { report } = state;
  if (report === null) return `${state.title}. ${t("Opens the panel.")}`;
  const lines = CATEGORIES.map((category) => {
    const impact = report.totals[category].impactMicrosPerRequest;
    return `${t(CATEGORY_NAME[category])}: ${isWaiting(category) ? t("{0} waiting", formatImpact(impact)) : formatImpact(impact)}`;
  });
  const { measuredShare = 1 } = report;
  if (measuredShare < 1)
    lines.push(
      t(
        "Measured in spells, {0} of the time; all of it while the panel is visible.",
        formatShare(measuredShare),
      ),
    );
  return [`${state.title}, ${scopeWords(state.scope.label)}`, ...lines, t("Opens the panel.")].join("\n");
}
