// Panel, hotspots: the category's flame graph. Frames are elements of a tree, so that theme, keyboard and screen reader have
// them; those of the open row's line stand out. Its table twin lists them.

import { categoryInText, categoryName, isWaiting } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { isContention } from "../../src/protocol/categories.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { type CallTree, siteName } from "../../src/protocol/siteDetails.ts";
import { element, KeyedChildren, setAttribute, setClass, setHidden, setStyle, setText } from "../element.ts";
import { open } from "./factList.ts";
import { type FlameContext, frameWords, makeFrame, ROW_PIXELS, type ShownFrame } from "./flameFrame.ts";
import {
  type FlameBox,
  type FlameSpan,
  following,
  layOutFlame,
  middleOf,
  neighbour,
  shifted,
  spanOf,
  WHOLE_GRAPH,
  zoomedAt,
} from "./flameLayout.ts";
import { find, makeFlameSearch } from "./flameSearch.ts";
import { makeFlameTwin } from "./flameTwin.ts";
import { type TreeNode, toTree, UNIT_TEXT } from "./tree.ts";

const KEY_STEP = 0.5;
/** Of the span, for a pixel of the wheel. */
const WHEEL_STEP = 0.004;
const ACTIVE = ".flame-frame[tabindex='0']";

export function makeFlame() {
  const stage = element("div", "flame", [], { role: "tree" });
  const scroller = element("div", "flame-scroll", [stage]);
  const line = element("span", "flame-line");
  const reset = element("button", "link", [t("Whole graph")], { type: "button" });
  const note = element("span", "muted tree-note");
  const twin = makeFlameTwin();
  const search = makeFlameSearch(
    () => again(),
    (step) => goToFound(step),
    () => focusActive(),
  );
  const root = element("div", "flame-view", [
    scroller,
    element("div", "flame-foot", [search.root, line, reset]),
    element("div", "hidden", [twin.root]),
  ]);
  const frames = new KeyedChildren<ShownFrame, ReturnType<typeof makeFrame>>(stage, makeFrame, (view, item) =>
    view.show(item),
  );
  let boxes: FlameBox[] = [];
  let nodes: readonly TreeNode[] = [];
  let context: FlameContext = { unit: "impact", whole: 0, category: "" };
  /** A frame over the whole width, by its key: it stays there while figures change. Else the span is the reader's own. */
  let zoomed = "";
  let span: FlameSpan = WHOLE_GRAPH;
  let active = "";
  /** Which graph it is: the rows of a category share one. */
  let graph = "";
  let drawn: CallTree | null = null;
  let again: () => void = () => undefined;
  /** Whose frame was brought into sight; from then on the reader scrolls. */
  let sighted = "";

  const nodeOf = (target: EventTarget | null): TreeNode | null => {
    const key =
      target instanceof Element ? target.closest<HTMLElement>(".flame-frame")?.dataset.key : undefined;
    return boxes.find(({ node }) => node.key === key)?.node ?? null;
  };
  const tell = (node: TreeNode | null) =>
    setText(
      line,
      node === null ? t("Click, Ctrl and wheel, or + and - zoom; / finds") : frameWords(node, context),
    );
  const focusActive = () => stage.querySelector<HTMLElement>(ACTIVE)?.focus({ preventScroll: true });
  function zoom(node: TreeNode | null): void {
    zoomed = node?.parent == null ? "" : node.key;
    span = WHOLE_GRAPH;
    active = node?.key ?? active;
    again();
    focusActive();
  }
  function look(next: FlameSpan): void {
    zoomed = "";
    span = next;
    again();
  }
  function forget(): void {
    [zoomed, span, active, boxes] = ["", WHOLE_GRAPH, "", []];
    search.clear();
  }
  function goTo(node: TreeNode): void {
    active = node.key;
    // One that is too narrow to be seen, or past the end, is zoomed to.
    if (!boxes.some((box) => box.node === node)) zoomed = node.key;
    again();
    stage.querySelector<HTMLElement>(ACTIVE)?.scrollIntoView({ block: "nearest" });
  }
  function goToFound(step: 1 | -1): void {
    const found = find(nodes, search.text).nodes;
    const at = found.findIndex(({ key }) => key === active);
    const next = found[at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length];
    if (next === undefined) return;
    goTo(next);
    tell(next);
    search.say(frameWords(next, context));
  }

  /** The open row's own frame, and what it calls: frameworks may have filled the height above it. */
  function bringIntoSight(hotspot: Hotspot): void {
    const name = siteName(hotspot);
    if (name === sighted || scroller.clientHeight === 0) return;
    const here = boxes.filter(({ node }) => isHere(node, hotspot));
    const widest = here.reduce<FlameBox | null>(
      (most, box) => (most !== null && most.width >= box.width ? most : box),
      null,
    );
    if (widest === null) return;
    sighted = name;
    const bottom = (widest.node.depth + 2) * ROW_PIXELS;
    scroller.scrollTop = Math.max(0, bottom + ROW_PIXELS / 2 - scroller.clientHeight);
  }

  stage.addEventListener("click", (event) => {
    const node = nodeOf(event.target);
    // As VS Code's own flame chart has it.
    if (node !== null && (event.ctrlKey || event.metaKey)) open(node.frame, event.altKey);
    else zoom(node);
  });
  stage.addEventListener("pointerover", (event) => tell(nodeOf(event.target)));
  stage.addEventListener("pointerleave", () => tell(null));
  stage.addEventListener("focusin", (event) => {
    const node = nodeOf(event.target);
    active = node?.key ?? active;
    tell(node);
  });
  stage.addEventListener(
    "wheel",
    (event) => {
      const { left, width } = stage.getBoundingClientRect();
      // Alone it scrolls the page, also by a trackpad, which is never quite upright. A pinch comes as one with Ctrl.
      if (event.ctrlKey || event.metaKey)
        look(zoomedAt(span, (event.clientX - left) / width, Math.exp(event.deltaY * WHEEL_STEP)));
      else if (span.span < 1 && Math.abs(event.deltaX) > Math.abs(event.deltaY))
        look(shifted(span, event.deltaX / width));
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
  reset.addEventListener("click", () => zoom(nodes[0] ?? null));
  stage.addEventListener("keydown", (event) => {
    const node = nodeOf(event.target);
    const finds = event.key === "f" && (event.ctrlKey || event.metaKey);
    if (node === null || ((event.ctrlKey || event.metaKey) && !finds)) return;
    const box = boxes.find((each) => each.node === node);
    if (finds || event.key === "/") search.focus();
    else if (event.key === "Enter") zoom(node);
    else if (event.key === "o") open(node.frame, event.altKey);
    else if (box !== undefined && (event.key === "+" || event.key === "-"))
      look(zoomedAt(span, box.left + box.width / 2, event.key === "+" ? KEY_STEP : 1 / KEY_STEP));
    else if ((event.key === "Escape" || event.key === "Backspace") && span.span < 1) zoom(nodes[0] ?? null);
    else {
      const next = neighbour(boxes, node, event.key);
      if (next === null) return;
      active = next.key;
      again();
      stage.querySelector<HTMLElement>(ACTIVE)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  tell(null);

  return {
    root,
    note,
    show(hotspot: Hotspot, tree: CallTree | null): void {
      again = () => this.show(hotspot, tree);
      const { category, basis } = hotspot;
      const shown = `${category} ${isContention(basis)}`;
      if (shown !== graph) forget();
      graph = shown;
      const top = tree === null ? null : toTree(tree);
      setHidden(root, top === null);
      if (tree === null || top === null) return;
      const focused = stage.contains(document.activeElement);
      const words = categoryInText(category);
      context = { unit: tree.unit, whole: top.value + tree.rest, category: categoryName(category) };
      setText(note, UNIT_TEXT[tree.unit]);
      setAttribute(stage, "aria-label", t("Flame graph of {0}, {1}", words, UNIT_TEXT[tree.unit]));
      nodes = allOf(top);
      // The root's own key is the empty one.
      const zoomedTo = zoomed === "" ? undefined : nodes.find(({ key }) => key === zoomed);
      if (zoomedTo !== undefined) span = spanOf(zoomedTo);
      else if (zoomed !== "") [zoomed, span] = ["", WHOLE_GRAPH];
      else if (tree !== drawn) {
        const own = focused ? boxes.find(({ node }) => node.key === active)?.node : undefined;
        const held = own ?? middleOf(boxes);
        if (held !== null) span = following(span, held, nodes);
      }
      drawn = tree;
      boxes = layOutFlame(top, span);
      if (!boxes.some(({ node }) => node.key === active)) active = top.key;
      const depth = Math.max(...boxes.map(({ node }) => node.depth)) + 1;
      setStyle(stage, "height", `${depth * ROW_PIXELS}px`);
      setHidden(reset, span.span >= 1);
      const found = find(nodes, search.text);
      search.show(found, context.whole);
      setClass(stage, "searched", search.text.trim() !== "");
      setClass(stage, "waiting", isWaiting(category));
      const matches = new Set(found.nodes);
      frames.show(
        boxes.map((box) => [
          box.node.key,
          {
            ...context,
            box,
            active: box.node.key === active,
            here: isHere(box.node, hotspot),
            match: matches.has(box.node),
          },
        ]),
      );
      bringIntoSight(hotspot);
      // What had it may have left the graph.
      if (focused && !stage.contains(document.activeElement)) focusActive();
      twin.show(nodes, context, words);
    },
  };
}

function isHere({ frame }: TreeNode, { file, line }: Hotspot): boolean {
  return frame !== null && frame.role !== "operation" && frame.file === file && frame.line === line;
}

/** Parents before their children. */
function allOf(top: TreeNode): TreeNode[] {
  const all: TreeNode[] = [];
  const pending = [top];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    all.push(node);
    pending.push(...[...node.children].reverse());
  }
  return all;
}
