// Panel, hotspots: who calls the open row's site, from it outwards, as a tree that folds. What awaits it counts as a caller.

import { formatShare } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import type { CallTree } from "../../src/protocol/siteDetails.ts";
import { element, KeyedChildren, setAttribute, setClass, setHidden, setStyle, setText } from "../element.ts";
import { icon } from "../icons.ts";
import { functionName } from "../words.ts";
import { open, placeButton } from "./factList.ts";
import { stackTree, type TreeNode, toTree, UNIT_TEXT, valueText } from "./tree.ts";

/** Deeper stacks are not indented further: the names must stay readable. */
const MAX_INDENT = 10;
/** Nodes with less of the whole begin folded, and so do those that stand deeper. */
const FOLDED_BELOW = 0.1;
const FOLDED_FROM_DEPTH = 8;

export function makeCallers() {
  const list = element("div", "callers", [], { role: "tree", "aria-label": t("Callers, bottom-up") });
  const rest = element("p", "muted tree-rest");
  const note = element("span", "muted tree-note");
  const root = element("div", "callers-view", [list, rest]);
  const rows = new KeyedChildren<Shown, CallerView>(list, makeCaller, (view, item) => view.show(item));
  /** What the reader folded or unfolded, by key. */
  const folds = new Map<string, boolean>();
  let of = "";
  let standing: Shown[] = [];
  let active = "";
  let again: () => void = () => undefined;

  const isOpen = (node: TreeNode, whole: number) =>
    folds.get(node.key) ?? (node.value >= FOLDED_BELOW * whole && node.depth < FOLDED_FROM_DEPTH);

  list.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".caller") : null;
    const item = standing.find(({ node }) => node.key === row?.dataset.key);
    if (item === undefined || (event.target as Element).closest(".place") !== null) return;
    active = item.node.key;
    fold(item, !item.open);
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(".caller") : null;
    const at = standing.findIndex(({ node }) => node.key === row?.dataset.key);
    const item = standing[at];
    if (item === undefined || event.ctrlKey || event.metaKey || event.target !== row) return;
    const parent = standing.findIndex(({ node }) => node === item.node.parent);
    switch (event.key) {
      case "ArrowDown":
        focus(at + 1);
        break;
      case "ArrowUp":
        focus(at - 1);
        break;
      case "Home":
        focus(0);
        break;
      case "End":
        focus(standing.length - 1);
        break;
      case "ArrowRight":
        if (item.open) focus(at + 1);
        else fold(item, true);
        break;
      case "ArrowLeft":
        if (item.open && item.node.children.length > 0) fold(item, false);
        else focus(parent);
        break;
      case "Enter":
      case "o":
        open(item.node.frame, event.altKey);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  function focus(at: number): void {
    const item = standing[Math.min(standing.length - 1, Math.max(0, at))];
    if (item === undefined) return;
    active = item.node.key;
    again();
    list.querySelector<HTMLElement>(".caller[tabindex='0']")?.focus();
  }
  function fold({ node }: Shown, unfolded: boolean): void {
    if (node.children.length > 0) folds.set(node.key, unfolded);
    again();
  }

  return {
    root,
    note,
    show(hotspot: Hotspot, tree: CallTree | null): void {
      again = () => this.show(hotspot, tree);
      const shown = tree ?? stackTree(hotspot);
      const top = toTree(shown);
      const name = `${hotspot.kind} ${hotspot.file}:${hotspot.line} ${hotspot.callee}`;
      if (name !== of) folds.clear();
      of = name;
      setText(note, tree === null ? t("heaviest stack") : UNIT_TEXT[shown.unit]);
      const whole = (top?.value ?? 0) + shown.rest;
      standing = [];
      const pending = top === null ? [] : [top];
      for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
        const unfolded = node.children.length > 0 && isOpen(node, whole);
        standing.push({ node, open: unfolded, whole, unit: shown.unit, active: false });
        if (unfolded) pending.push(...[...node.children].reverse());
      }
      if (!standing.some(({ node }) => node.key === active)) active = standing[0]?.node.key ?? "";
      rows.show(standing.map((item) => [item.node.key, { ...item, active: item.node.key === active }]));
      setText(rest, restText(shown, whole));
      setHidden(rest, rest.textContent === "");
    },
  };
}

function restText({ rest, unit }: CallTree, whole: number): string {
  if (whole <= 0 || rest / whole < 0.005) return "";
  return t(
    "{0} ({1}) more from callers that are not known or too small to list.",
    valueText(rest, unit),
    formatShare(rest / whole),
  );
}

interface Shown {
  readonly node: TreeNode;
  readonly open: boolean;
  readonly whole: number;
  readonly unit: CallTree["unit"];
  readonly active: boolean;
}
interface CallerView {
  readonly root: HTMLElement;
  show(shown: Shown): void;
}

function makeCaller(key: string): CallerView {
  const chevron = element("span", "caller-chevron", [icon("chevron")]);
  const name = element("span", "function");
  const awaits = element("span", "muted awaits", [t("awaits it")]);
  const where = placeButton({ tabindex: "-1" });
  const value = element("span", "caller-value");
  const share = element("span", "caller-share muted");
  const root = element("div", "caller", [chevron, name, where.root, awaits, value, share], {
    role: "treeitem",
    tabindex: "-1",
  });
  root.dataset.key = key;
  return {
    root,
    show({ node, open: unfolded, whole, unit, active }) {
      const { frame, depth, children } = node;
      setClass(root, "of-dependency", frame?.role === "dependency");
      setStyle(root, "--depth", `${Math.min(depth, MAX_INDENT)}`);
      setAttribute(root, "aria-level", `${depth + 1}`);
      setAttribute(root, "aria-expanded", children.length === 0 ? null : `${unfolded}`);
      setAttribute(root, "tabindex", active ? "0" : "-1");
      setClass(chevron, "none", children.length === 0);
      setText(name, functionName(frame?.function ?? ""));
      setAttribute(name, "title", functionName(frame?.function ?? ""));
      where.show(frame);
      setHidden(awaits, frame?.async !== true);
      setText(value, valueText(node.value, unit));
      setText(share, whole > 0 ? formatShare(node.value / whole) : "");
    },
  };
}
