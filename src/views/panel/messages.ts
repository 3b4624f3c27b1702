// Panel: narrows what the webview says; whatever else arrives is dropped. Pure.

import { CATEGORIES, isKind, LOCK_BASES } from "../../protocol/categories.ts";
import type { FromPanel, Range } from "../../protocol/panel.ts";
import { DETAILS_VIEWS, type SiteRef } from "../../protocol/siteDetails.ts";
import { toLoadRequest } from "../../recording/loadRequest.ts";

const ACTIONS = [
  "profile",
  "showLog",
  "showTerminal",
  "stop",
  "driveLoad",
  "stopLoad",
  "copyEnvironment",
  "recordSingle",
  "save",
  "compare",
  "export",
  "showAnnotations",
] as const;
const MOST_TEXT = 1_000_000;

export function toPanelMessage(value: unknown): FromPanel | null {
  if (!isRecord(value)) return null;
  switch (value.type) {
    case "ready":
      return typeof value.version === "number" ? { type: "ready", version: value.version } : null;
    case "snapshot":
      return { type: "snapshot" };
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
    case "details":
      return toDetails(value.wanted);
    case "suppress": {
      const site = toSite(value.site);
      return site === null ? null : { type: "suppress", site, suppressed: value.suppressed === true };
    }
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

function toDetails(wanted: unknown): FromPanel | null {
  if (wanted === null) return { type: "details", wanted };
  if (!isRecord(wanted)) return null;
  const site = toSite(wanted.site);
  const view = DETAILS_VIEWS.find((each) => each === wanted.view);
  return site === null || view === undefined ? null : { type: "details", wanted: { site, view } };
}

const MOST_NAME = 16_384;
export function toSite(value: unknown): SiteRef | null {
  if (!isRecord(value)) return null;
  const { kind, file, line, column, function: name, callee } = value;
  const category = CATEGORIES.find((each) => each === value.category);
  const basis = value.basis === null ? null : LOCK_BASES.find((each) => each === value.basis);
  const isName = (text: unknown): text is string => typeof text === "string" && text.length <= MOST_NAME;
  if (category === undefined || basis === undefined || !isKind(kind)) return null;
  if (!isName(file) || !isName(name) || !isName(callee)) return null;
  if (!within(line, 0, 1e7) || !within(column, 0, 1e7)) return null;
  return { category, kind, file, line, column, function: name, callee, basis };
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
