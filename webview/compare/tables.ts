// Comparison, below the list: every figure of both sides in one table, and the two recordings in another.

import {
  categoryName,
  formatChange,
  formatCores,
  formatCount,
  formatImpact,
  formatNumber,
  formatTime,
  UNKNOWN,
} from "../../src/model/format.ts";
import { formatAmount, verdictWords } from "../../src/model/formatComparison.ts";
import { t } from "../../src/model/l10n.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { Change, ComparedSession, Comparison } from "../../src/protocol/comparison.ts";
import { element, setChildren, setHidden } from "../element.ts";
import { clock } from "../figures.ts";
import type { CompareModel, ComparePart } from "./state.ts";

export function makeTables(): ComparePart {
  const root = element("section", "compare-tables", [], { "aria-label": t("All figures") });
  let drawn: Comparison | null = null;
  return {
    root,
    show({ state }: CompareModel) {
      const comparison = state?.comparison ?? null;
      setHidden(root, comparison === null);
      if (comparison === null || comparison === drawn) return;
      drawn = comparison;
      setChildren(root, [figuresTable(comparison), sessionsTable(comparison)]);
    },
  };
}

type Format = (value: number | null) => string;

function figuresTable({ processorMicros, requests, totals }: Comparison): HTMLElement {
  const row = (name: string, change: Change, format: Format, judged = true) => [
    name,
    format(change.before),
    format(change.after),
    formatChange(change.ratio),
    change.error === null ? UNKNOWN : `± ${format(change.error)}`,
    judged ? verdictWords(change) : UNKNOWN,
  ];
  const rows = [
    row(t("Processor time"), processorMicros, formatImpact),
    row(t("Latency, mean"), requests.meanMicros, formatTime),
    row(t("Latency, p50"), requests.p50Micros, formatTime),
    // What of it is chance is not known.
    row(t("Latency, p99"), requests.p99Micros, formatTime, false),
    row(t("Requests a second"), requests.perSecond, formatNumber),
    ...CATEGORIES.flatMap((category) => {
      const { impactMicros, perRequest, events } = totals[category];
      const name = categoryName(category);
      const impact = row(t("{0}, impact", name), impactMicros, formatImpact);
      const amount = row(t("{0} a request", name), perRequest, (value) => formatAmount(category, value));
      const count = row(EVENTS[category], events, formatNumber);
      return category === "locks" ? [impact, count] : [impact, amount, count];
    }),
  ];
  return table(
    t("All figures, a request"),
    [t("Figure"), t("Baseline"), t("Now"), t("Change"), t("95 % of the change"), ""],
    rows,
  );
}

const EVENTS = {
  copies: t("Copies, how many"),
  switches: t("Hand-offs"),
  allocations: t("Allocations, how many"),
  locks: t("Lock waits, how many"),
} as const;

function sessionsTable({ before, after }: Comparison): HTMLElement {
  const row = (name: string, of: (session: ComparedSession) => string) => [name, of(before), of(after)];
  return table(
    t("The two recordings"),
    ["", t("Baseline"), t("Now")],
    [
      row(t("Command"), ({ command }) => command.join(" ")),
      row(t("Recorded"), ({ startedAt }) => dateText(startedAt)),
      row(t("Measured"), ({ durationMs }) => clock(durationMs)),
      row(t("Requests"), ({ requests }) => formatCount(requests)),
      row(t("Requests a second"), ({ perSecond }) => formatNumber(perSecond)),
      row(t("Workers"), ({ workers, topology }) => `${formatCount(workers)}, ${topology}`),
      row("Node", ({ node }) => node.replace(/^v/, "")),
      row(
        t("Machine"),
        ({ platform, arch, availableCores }) => `${platform} ${arch}, ${formatCores(availableCores)}`,
      ),
    ],
  );
}

function dateText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return date.toLocaleString(navigator.language, { dateStyle: "medium", timeStyle: "short" });
}

function table(name: string, columns: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const head = columns.map((text, at) =>
    element(
      "th",
      "",
      [text === "" ? element("span", "hidden", [at === 0 ? t("Fact") : t("Verdict")]) : text],
      {
        scope: "col",
      },
    ),
  );
  return element("table", "pair-table", [
    element("caption", "section-name", [name]),
    element("thead", "", [element("tr", "", head)]),
    element(
      "tbody",
      "",
      rows.map((cells) =>
        element(
          "tr",
          "",
          cells.map((text, at) =>
            at === 0 ? element("th", "", [text], { scope: "row" }) : element("td", "", [text]),
          ),
        ),
      ),
    ),
  ]);
}
