// Panel: narrows what the webview says; whatever else arrives is dropped. Pure.

import type { FromPanel, Range } from "../../protocol/panel.ts";
import { toLoadRequest } from "../../recording/loadRequest.ts";

const ACTIONS = ["profile", "showLog", "stop", "driveLoad", "save", "showAnnotations"] as const;
const MOST_TEXT = 1_000_000;

export function toPanelMessage(value: unknown): FromPanel | null {
  if (!isRecord(value)) return null;
  switch (value.type) {
    case "ready":
      return typeof value.version === "number" ? { type: "ready", version: value.version } : null;
    case "open":
      return toOpen(value);
    case "action": {
      const action = ACTIONS.find((each) => each === value.action);
      return action === undefined ? null : { type: "action", action };
    }
    case "load": {
      const request = toLoadRequest(value);
      return request === null ? null : { type: "load", ...request };
    }
    case "scope":
      return within(value.seconds, 0, 86_400) ? { type: "scope", seconds: value.seconds } : null;
    case "range":
      return value.range === null ? { type: "range", range: null } : toRange(value.range);
    case "pauseView":
      return typeof value.paused === "boolean" ? { type: "pauseView", paused: value.paused } : null;
    case "copy":
      return typeof value.text === "string" && value.text.length <= MOST_TEXT
        ? { type: "copy", text: value.text }
        : null;
    default:
      return null;
  }
}

function toOpen(value: Record<string, unknown>): FromPanel | null {
  const { location, toSide } = value;
  if (!isRecord(location)) return null;
  const { file, line, column } = location;
  if (typeof file !== "string" || !within(line, 1, 1e7) || !within(column, 1, 1e7)) return null;
  return { type: "open", location: { file, line, column }, toSide: toSide === true };
}

/** A year is longer than any recording. */
const MOST_MILLIS = 366 * 86_400_000;
function toRange(value: unknown): { type: "range"; range: Range } | null {
  if (!isRecord(value)) return null;
  const { fromMs, toMs } = value;
  if (!within(fromMs, 0, MOST_MILLIS) || !within(toMs, fromMs, MOST_MILLIS)) return null;
  return { type: "range", range: { fromMs, toMs } };
}

function within(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
