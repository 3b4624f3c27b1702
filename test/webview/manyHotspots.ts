// Fixtures: a report with hotspots by the ten thousand, the most of them packed, as the host sends them.

import { packHotspots } from "../../src/protocol/hotspotTable.ts";
import type { PanelState } from "../../src/protocol/panel.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { at, hotspot } from "./hotspots.ts";
import { REPORT } from "./report.ts";
import { RECORDING } from "./states.ts";

const LISTED = 200;

/** The `n`th is at line n of one of 50 files; each costs a little less than the one before. */
export function manyHotspots(count: number): Hotspot[] {
  return Array.from({ length: count }, (_, n) => {
    const site = at(`part${n % 50}.ts`, n + 1, `work${n % 400}`);
    const impact = 60 / (1 + n / 40);
    const change = { dependency: n % 3 === 0 ? `package-${n % 7}` : null, relativeError: 0.1 };
    return n % 4 === 3
      ? hotspot("locks", "wait", site, "Mutex.acquire", impact, impact, 0.1, 4 / count, change)
      : hotspot("copies", "concat", site, "Buffer.concat", impact, 3_000 / (n + 1), 1, 1.3 / count, change);
  });
}

export function manyState(count: number, change: (all: Hotspot[]) => Hotspot[] = (all) => all): PanelState {
  const all = change(manyHotspots(count));
  return {
    ...RECORDING,
    report: { ...REPORT, hotspots: all.slice(0, LISTED) },
    others: packHotspots(all.slice(LISTED), REPORT.workers.length),
  };
}
