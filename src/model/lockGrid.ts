// Model: the lock grid: waiting time by acquiring site (the code's stage) and by lock key (the data set). Shares of sampled
// waits, scaled to each site's estimate.

import { isContention } from "../protocol/categories.ts";
import type { LockGrid } from "../protocol/siteDetails.ts";
import { categoryOf } from "./hotspots.ts";
import type { Analysis } from "./report.ts";
import { basisOf, bump, siteKey } from "./strata.ts";

const MOST_SITES = 12;
const MOST_KEYS = 10;

export function lockGrid(analysis: Analysis): LockGrid {
  const { profile, scope, sites, sums } = analysis;
  const sampled = new Map<string, Map<number, number>>();
  for (const { waits } of scope.windows)
    for (const [id, stack, key, , amount] of waits ?? []) {
      const operation = profile.operations[id];
      if (operation === undefined) continue;
      const site = sites.of(stack);
      const name = siteKey(operation.kind, site, site.callee ?? operation.callee, basisOf(operation));
      const byKey = sampled.get(name) ?? new Map<number, number>();
      sampled.set(name, byKey);
      bump(byKey, key, amount);
    }
  const rows = analysis.estimates
    .filter((each) => categoryOf(each) === "locks" && isContention(each.basis) && sums.requests > 0)
    .map((estimate) => {
      const { kind, site, callee, basis } = estimate;
      const micros = estimate.amount / sums.requests;
      const byKey = sampled.get(siteKey(kind, site, callee, basis)) ?? new Map([[0, 1]]);
      const total = [...byKey.values()].reduce((sum, amount) => sum + amount, 0);
      const byText = new Map<string | null, number>();
      for (const [key, amount] of byKey)
        bump(
          byText,
          key === 0 ? null : (profile.lockKeys?.[key] ?? null),
          total > 0 ? (micros * amount) / total : 0,
        );
      return { site, callee, micros, byText };
    })
    .sort((a, b) => b.micros - a.micros);
  const ofKeys = new Map<string | null, number>();
  for (const { byText } of rows) for (const [key, micros] of byText) bump(ofKeys, key, micros);
  const keys = [...ofKeys]
    // Without a key: last, as it is no one data set.
    .sort(([a, x], [b, y]) => Number(a === null) - Number(b === null) || y - x)
    .map(([key]) => key);
  const named = keys.filter((key) => key !== null);
  const shownKeys = [...named.slice(0, MOST_KEYS), ...(ofKeys.has(null) ? [null] : [])];
  const shownRows = rows.slice(0, MOST_SITES);
  return {
    sites: shownRows.map(({ site: { file, line, column, function: name }, callee, micros }) => ({
      file,
      line,
      column,
      function: name,
      callee,
      micros,
    })),
    keys: shownKeys,
    micros: shownRows.map(({ byText }) => shownKeys.map((key) => byText.get(key) ?? 0)),
    moreSites: rows.length - shownRows.length,
    moreKeys: Math.max(0, named.length - MOST_KEYS),
  };
}
