// Fixtures: what the host computes for an open row. Its figures are invented and used by tests only.

import type { PanelState } from "../../src/protocol/panel.ts";
import type { CallFrame, CallTree, DetailsView, LockGrid } from "../../src/protocol/siteDetails.ts";
import { siteRefOf } from "../../src/protocol/siteDetails.ts";
import { at, HOTSPOTS, PLACE } from "./hotspots.ts";
import { RECORDING } from "./states.ts";

const user = (file: string, line: number, name: string, async = false): CallFrame => ({
  ...at(file, line, name),
  role: "user",
  async,
});
const FRAMES: readonly CallFrame[] = [
  { ...PLACE, role: "user", async: false },
  user("routes.ts", 12, "handler", true),
  user("retry.ts", 30, "retryOrder", true),
  user("queue.ts", 18, "drainRetries"),
  { ...at("node_modules/express/lib/router.js", 47, "Layer.handle"), role: "dependency", async: false },
  { file: "", line: 0, column: 0, function: "Mutex.acquire", role: "operation", async: false },
  user("db.ts", 14, "query"),
  { file: "", line: 0, column: 0, function: "Pool.connect", role: "operation", async: false },
  user("rates.ts", 31, "rateFor"),
  { file: "", line: 0, column: 0, function: "Promise", role: "operation", async: false },
];
const CALLERS: CallTree = {
  unit: "impact",
  frames: FRAMES,
  nodes: [
    [-1, 0, 268],
    [0, 1, 221],
    [1, 4, 221],
    [0, 2, 40],
    [3, 3, 40],
  ],
  rest: 7,
};
const FLAME: CallTree = {
  unit: "impact",
  frames: FRAMES,
  nodes: [
    [-1, -1, 388],
    [0, 4, 300],
    [1, 1, 300],
    [2, 0, 221],
    [3, 5, 221],
    [2, 6, 52],
    [5, 7, 52],
    [0, 3, 47],
    [7, 2, 47],
    [8, 0, 47],
    [9, 5, 47],
    [0, 8, 40],
    [11, 9, 40],
  ],
  rest: 1,
};
const GRID: LockGrid = {
  sites: [
    { ...PLACE, callee: "Mutex.acquire", micros: 268 },
    { ...at("db.ts", 14, "query"), callee: "Pool.connect", micros: 52 },
    { ...at("rates.ts", 31, "rateFor"), callee: "Promise", micros: 40 },
  ],
  keys: ["orders:17", "orders:4", "rates", null],
  micros: [
    [166, 54, 0, 48],
    [0, 0, 0, 52],
    [0, 4, 36, 0],
  ],
  moreSites: 1,
  moreKeys: 4,
};

/** The first hotspot, a lock wait, as it is answered for. */
export function answered(view: DetailsView, state: PanelState = RECORDING): PanelState {
  const [hotspot] = HOTSPOTS;
  if (hotspot === undefined) throw new Error("no hotspot");
  const tree = view === "callers" ? CALLERS : view === "flame" ? FLAME : null;
  return { ...state, details: { site: siteRefOf(hotspot), view, tree, grid: view === "grid" ? GRID : null } };
}
