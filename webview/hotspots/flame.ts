// Panel, hotspots: the category's flame graph. Frames are elements of a tree, so that theme, keyboard and screen reader have
// them; those of the open row's line stand out. Its table twin lists them.

import { categoryInText, categoryName, formatShare, isWaiting } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import type { CallTree } from "../../src/protocol/siteDetails.ts";
import { element, KeyedChildren, setAttribute, setClass, setHidden, setStyle, setText } from "../element.ts";
import { functionName, place } from "../words.ts";
import { open } from "./factList.ts";
import { type FlameBox, layOutFlame, neighbour } from "./flameLayout.ts";
import { makeFlameTwin } from "./flameTwin.ts";
import { type TreeNode, toTree, UNIT_TEXT, valueText } from "./tree.ts";

const ROW_PIXELS = 19;

export function makeFlame() {
  const stage = element("div", "flame", [], { role: "tree" });
  const scroller = element("div", "flame-scroll", [stage]);
  const line = element("span", "flame-line");
  const reset = element("button", "link", [t("Whole graph")], { type: "button" });
  const note = element("span", "muted tree-note");
  const twin = makeFlameTwin();
  const root = element("div", "flame-view", [
    scroller,
    element("div", "flame-foot", [line, reset]),
    element("div", "hidden", [twin.root]),
  ]);
  const frames = new KeyedChildren<Shown, FrameView>(stage, makeFrame, (view, item) => view.show(item));
  let boxes: FlameBox[] = [];
  let unit: CallTree["unit"] = "impact";
  let category = "";
  let whole = 0;
  let zoomed = "";
  let active = "";
  let again: () => void = () => undefined;

  const nodeOf = (target: EventTarget | null): TreeNode | null => {
    const key =
      target instanceof Element ? target.closest<HTMLElement>(".flame-frame")?.dataset.key : undefined;
    return boxes.find(({ node }) => node.key === key)?.node ?? null;
  };
  const tell = (node: TreeNode | null) =>
    setText(line, node === null ? "" : wordsOf(node, unit, whole, category));
  function zoom(node: TreeNode | null): void {
    zoomed = node?.parent == null ? "" : node.key;
    active = node?.key ?? active;
    again();
    stage.querySelector<HTMLElement>(".flame-frame[tabindex='0']")?.focus({ preventScroll: true });
  }
  stage.addEventListener("click", (event) => {
    const node = nodeOf(event.target);
    // As VS Code's own flame chart has it.
    if (node !== null && (event.ctrlKey || event.metaKey)) open(node.frame, event.altKey);
    else zoom(node);
  });
  stage.addEventListener("pointerover", (event) => tell(nodeOf(event.target)));
  stage.addEventListener("pointerleave", () => tell(null));
  stage.addEventListener("focusin", (event) => tell(nodeOf(event.target)));
  reset.addEventListener("click", () => {
    zoomed = "";
    again();
  });
  stage.addEventListener("keydown", (event) => {
    const node = nodeOf(event.target);
    if (node === null || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") zoom(node);
    else if (event.key === "o") open(node.frame, event.altKey);
    else if ((event.key === "Escape" || event.key === "Backspace") && zoomed !== "") {
      zoomed = "";
      again();
    } else {
      const next = neighbour(boxes, node, event.key);
      if (next === null) return;
      active = next.key;
      again();
      stage.querySelector<HTMLElement>(".flame-frame[tabindex='0']")?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    root,
    note,
    show(hotspot: Hotspot, tree: CallTree | null): void {
      again = () => this.show(hotspot, tree);
      const top = tree === null ? null : toTree(tree);
      setHidden(root, top === null);
      if (tree === null || top === null) return;
      unit = tree.unit;
      whole = top.value + tree.rest;
      const name = categoryName(hotspot.category);
      category = name;
      setText(note, UNIT_TEXT[unit]);
      setAttribute(
        stage,
        "aria-label",
        t("Flame graph of {0}, {1}", categoryInText(hotspot.category), UNIT_TEXT[unit]),
      );
      const nodes = allOf(top);
      const zoomedAt = nodes.find(({ key }) => key === zoomed) ?? top;
      if (zoomedAt === top) zoomed = "";
      boxes = layOutFlame(zoomedAt);
      if (!boxes.some(({ node }) => node.key === active)) active = top.key;
      const depth = Math.max(...boxes.map(({ node }) => node.depth)) + 1;
      setStyle(stage, "height", `${depth * ROW_PIXELS}px`);
      setHidden(reset, zoomed === "");
      setClass(stage, "waiting", isWaiting(hotspot.category));
      frames.show(
        boxes.map((box) => [
          box.node.key,
          { box, unit, whole, active: box.node.key === active, all: name, here: isHere(box.node, hotspot) },
        ]),
      );
      twin.show(nodes, name, unit, whole);
    },
  };
}

function isHere({ frame }: TreeNode, { file, line }: Hotspot): boolean {
  return frame !== null && frame.role !== "operation" && frame.file === file && frame.line === line;
}

function allOf(top: TreeNode): TreeNode[] {
  const all: TreeNode[] = [];
  const pending = [top];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    all.push(node);
    pending.push(...[...node.children].reverse());
  }
  return all;
}

function wordsOf(
  { frame, value }: TreeNode,
  unit: CallTree["unit"],
  whole: number,
  category: string,
): string {
  const name = frame === null ? category : functionName(frame.function);
  const where = frame === null ? "" : place(frame);
  const figures = `${valueText(value, unit)}${unit === "bytes" ? t("/req") : ` ${UNIT_TEXT[unit]}`}`;
  const share = whole > 0 ? `, ${formatShare(value / whole)}` : "";
  return `${name}${where === "" ? "" : ` ${where}`}: ${figures}${share}${frame?.async === true ? `, ${t("awaits")}` : ""}`;
}

interface Shown {
  readonly box: FlameBox;
  readonly unit: CallTree["unit"];
  readonly whole: number;
  readonly active: boolean;
  readonly all: string;
  readonly here: boolean;
}
interface FrameView {
  readonly root: HTMLElement;
  show(shown: Shown): void;
}

function makeFrame(key: string): FrameView {
  const name = element("span", "flame-name");
  const root = element("div", "flame-frame", [name], { role: "treeitem", tabindex: "-1" });
  root.dataset.key = key;
  return {
    root,
    show({ box: { node, left, width }, unit, whole, active, all, here }) {
      const { frame, depth } = node;
      setStyle(root, "left", `${(100 * left).toFixed(3)}%`);
      setStyle(root, "width", `${(100 * width).toFixed(3)}%`);
      setStyle(root, "top", `${depth * ROW_PIXELS}px`);
      setAttribute(root, "data-role", frame?.role ?? "all");
      setClass(root, "here", here);
      setAttribute(root, "tabindex", active ? "0" : "-1");
      setAttribute(root, "aria-level", `${depth + 1}`);
      const words = wordsOf(node, unit, whole, all);
      setAttribute(root, "aria-label", words);
      const opens = frame !== null && frame.file !== "" && frame.line > 0;
      const how = opens ? t("Click to zoom, Ctrl or Cmd and click to open") : t("Click to zoom");
      setAttribute(root, "title", `${words}\n${how}`);
      setText(name, frame === null ? all : functionName(frame.function));
    },
  };
}
