// Panel, hotspots: the flame graph's search: which frames have a text in their name or file, and what share they are together.

import { formatShare } from "../../src/model/format.ts";
import { said, t } from "../../src/model/l10n.ts";
import { element, setAttribute, setHidden, setText } from "../element.ts";
import { plural } from "../figures.ts";
import { icon } from "../icons.ts";
import { functionName } from "../words.ts";
import type { TreeNode } from "./tree.ts";

export interface Found {
  /** In the order they stand. */
  readonly nodes: readonly TreeNode[];
  /** Of them and what they called, none counted twice; in the graph's unit. */
  readonly value: number;
}

/** @param nodes parents before their children; an empty text finds nothing */
export function find(nodes: readonly TreeNode[], text: string): Found {
  const wanted = text.trim().toLowerCase();
  const found: TreeNode[] = [];
  const covered = new Set<TreeNode>();
  let value = 0;
  if (wanted !== "")
    for (const node of nodes) {
      const inside = node.parent !== null && covered.has(node.parent);
      const matches = textOf(node).includes(wanted);
      if (matches) found.push(node);
      if (matches && !inside) value += node.value;
      if (matches || inside) covered.add(node);
    }
  return { nodes: found, value };
}

function textOf({ frame }: TreeNode): string {
  if (frame === null) return "";
  const where = frame.file === "" ? "" : ` ${frame.file}:${frame.line}`;
  return `${functionName(frame.function)}${where}`.toLowerCase();
}

/** @param go to the next one found, backwards with Shift; @param leave to the graph */
export function makeFlameSearch(changed: () => void, go: (step: 1 | -1) => void, leave: () => void) {
  const input = element("input", "", [], {
    type: "text",
    placeholder: t("Find"),
    "aria-label": t("Find frames by name or file; Enter goes to the next"),
    "aria-describedby": "flame-found",
    spellcheck: "false",
  });
  const result = element("span", "flame-found", [], { id: "flame-found" });
  // Not the result itself: its share is new with every window of a live recording.
  const spoken = element("span", "hidden", [], { role: "status" });
  let asked = "";
  const root = element("div", "flame-search", [
    element("label", "search", [icon("search"), input]),
    result,
    spoken,
  ]);
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && input.value !== "") {
      input.value = "";
      changed();
    } else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    root,
    get text() {
      return input.value;
    },
    focus(): void {
      input.focus();
      input.select();
    },
    clear(): void {
      input.value = "";
    },
    /** To who does not see the graph. */
    say: (words: string) => setText(spoken, words),
    show({ nodes, value }: Found, whole: number): void {
      const none = input.value.trim() === "";
      setHidden(result, none);
      setText(
        result,
        none || nodes.length === 0
          ? t("Not among the frames shown")
          : t(
              "{0} in {1}",
              whole > 0 ? formatShare(value / whole) : "0",
              plural(nodes.length, said("{0} frame"), said("{0} frames")),
            ),
      );
      if (asked !== input.value) setText(spoken, none ? "" : (result.textContent ?? ""));
      asked = input.value;
      setAttribute(result, "title", t("Share of the found frames with all that they call"));
    },
  };
}
