// Recording: what the panel shows before anything was recorded.

import type { PanelState } from "../protocol/panel.ts";

export const PANEL_IDLE: PanelState = {
  phase: "idle",
  title: "",
  url: null,
  elapsedMs: 0,
  scope: { fromMs: 0, toMs: 0, label: "Last 60 s" },
  scopeSeconds: 60,
  range: null,
  report: null,
  series: {
    stepMs: 1_000,
    atMs: [],
    requestsPerSecond: [],
    impact: { copies: [], switches: [], allocations: [], locks: [] },
    marks: [],
  },
  loadRunning: false,
  error: null,
};
