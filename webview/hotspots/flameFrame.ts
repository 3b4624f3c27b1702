// Panel, hotspots: one frame of the flame graph, an element of a tree.

import { formatShare } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { CallTree } from "../../src/protocol/siteDetails.ts";
import { element, setAttribute, setClass, setStyle, setText } from "../element.ts";
import { functionName, place } from "../words.ts";
import type { FlameBox } from "./flameLayout.ts";
import { type TreeNode, UNIT_TEXT, valueText } from "./tree.ts";

export const ROW_PIXELS = 19;

/** What all frames of a graph have in common. */
export interface FlameContext {
  readonly unit: CallTree["unit"];
  readonly whole: number;
  /** The category's name stands on the root. */
  readonly category: string;
}

export interface ShownFrame extends FlameContext {
  readonly box: FlameBox;
  readonly active: boolean;
  /** Of the open row's line. */
  readonly here: boolean;
  readonly match: boolean;
}

export function frameWords({ frame, value }: TreeNode, { unit, whole, category }: FlameContext): string {
  const name = frame === null ? category : functionName(frame.function);
  const where = frame === null ? "" : place(frame);
  const figures = `${valueText(value, unit)}${unit === "bytes" ? t("/req") : ` ${UNIT_TEXT[unit]}`}`;
  const share = whole > 0 ? `, ${formatShare(value / whole)}` : "";
  return `${name}${where === "" ? "" : ` ${where}`}: ${figures}${share}${frame?.async === true ? `, ${t("awaits")}` : ""}`;
}

export function makeFrame(key: string) {
  const name = element("span", "flame-name");
  const root = element("div", "flame-frame", [name], { role: "treeitem", tabindex: "-1" });
  root.dataset.key = key;
  return {
    root,
    show(shown: ShownFrame): void {
      const { node, left, width } = shown.box;
      const { frame, depth } = node;
      setStyle(root, "left", `${(100 * left).toFixed(3)}%`);
      setStyle(root, "width", `${(100 * width).toFixed(3)}%`);
      setStyle(root, "top", `${depth * ROW_PIXELS}px`);
      setAttribute(root, "data-role", frame?.role ?? "all");
      setClass(root, "here", shown.here);
      setClass(root, "match", shown.match);
      const current = shown.match && shown.active;
      setClass(root, "current", current);
      setAttribute(root, "aria-current", current ? "true" : null);
      setAttribute(root, "tabindex", shown.active ? "0" : "-1");
      setAttribute(root, "aria-level", `${depth + 1}`);
      const words = frameWords(node, shown);
      setAttribute(root, "aria-label", shown.match ? `${words}, ${t("found")}` : words);
      const opens = frame !== null && frame.file !== "" && frame.line > 0;
      const how = opens ? t("Click to zoom, Ctrl or Cmd and click to open") : t("Click to zoom");
      setAttribute(root, "title", `${words}\n${how}`);
      setText(name, frame === null ? shown.category : functionName(frame.function));
    },
  };
}
