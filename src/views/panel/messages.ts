// Panel: narrows what the webview says; whatever else arrives is dropped. Pure.

import type { FromPanel } from "../../protocol/panel.ts";
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

function within(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
