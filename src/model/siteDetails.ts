// Model: what an open row shows of its site beyond the report: callers, the category's flame graph, the lock grid.

import { isContention } from "../protocol/categories.ts";
import type { Hotspot } from "../protocol/report.ts";
import {
  type CallFrame,
  type CallTree,
  type DetailsView,
  type LockGrid,
  type SiteDetails,
  type SiteRef,
  siteName,
} from "../protocol/siteDetails.ts";
import { CallTreeBuilder } from "./callTree.ts";
import type { SiteEstimate } from "./estimate.ts";
import { categoryOf, stackOf } from "./hotspots.ts";
import { lockGrid } from "./lockGrid.ts";
import type { Analysis } from "./report.ts";

const MOST_CALLERS = 300;
const MOST_FLAME_NODES = 1_500;

export function siteDetails(analysis: Analysis, site: SiteRef, view: DetailsView): SiteDetails | null {
  const estimate = analysis.estimates.find((each) => isAt(each, site));
  if (estimate === undefined) return null;
  const hotspot = unlisted(analysis, estimate, site);
  const of = (tree: CallTree | null, grid: LockGrid | null): SiteDetails => ({
    site,
    view,
    tree,
    grid,
    ...(hotspot === null ? {} : { hotspot }),
  });
  switch (view) {
    case "callers":
      return of(callersOf(analysis, estimate), null);
    case "flame":
      return of(flameOf(analysis, estimate), null);
    case "grid":
      return of(null, site.category === "locks" ? lockGrid(analysis) : null);
  }
}

/** Of a site that the report does not list: all that a listed one has. */
function unlisted({ others, sites }: Analysis, estimate: SiteEstimate, site: SiteRef): Hotspot | null {
  const name = siteName(site);
  const found = others.find((each) => each.column === site.column && siteName(each) === name);
  return found === undefined ? null : { ...found, stack: stackOf(estimate, sites) };
}

function isAt(estimate: SiteEstimate, ref: SiteRef): boolean {
  const { site, kind, callee, basis } = estimate;
  return (
    site.file === ref.file &&
    site.line === ref.line &&
    kind === ref.kind &&
    callee === ref.callee &&
    basis === ref.basis &&
    site.function === ref.function &&
    site.column === ref.column
  );
}

/** A site's value, a request, and its parts by stack. Values of one tree are of one unit. */
function partsOf(analysis: Analysis, estimate: SiteEstimate, unit: CallTree["unit"]) {
  const { requests } = analysis.sums;
  const whole = unit === "impact" ? analysis.microsOf(estimate) : estimate.amount;
  const value = whole === null || requests <= 0 ? 0 : whole / requests;
  const sampled = estimate.stacks.sum();
  // What was sampled stands for what was not.
  const scale = sampled > 0 ? value / sampled : 0;
  return { value, stacks: [...estimate.stacks].map(([stack, amount]) => [stack, amount * scale] as const) };
}

function callersOf(analysis: Analysis, estimate: SiteEstimate): CallTree | null {
  const { site } = estimate;
  const unit = analysis.microsOf(estimate) === null ? analysis.unitOf(estimate) : "impact";
  const { value, stacks } = partsOf(analysis, estimate, unit);
  const { file, line, column } = site;
  const role = site.origin === "user" || site.origin === "dependency" ? site.origin : "runtime";
  const tree = new CallTreeBuilder({ file, line, column, function: site.function, role, async: false });
  for (const [stack, part] of stacks) {
    const frames = framesOf(analysis, estimate, stack);
    const at = frames.findIndex((frame) => frame.file === file && frame.line === line);
    if (stack === 0 || frames.length === 0) tree.addUnplaced(part);
    else tree.add(frames.slice(at + 1).filter(isCaller), part);
  }
  if (stacks.length === 0) tree.addUnplaced(value);
  return tree.build(unit, MOST_CALLERS);
}

/** Node's own frames stand between the user's and say nothing. */
function isCaller({ role }: CallFrame): boolean {
  return role === "user" || role === "dependency";
}

/** All sites of the category; what is no contention is in no total of locks and not in their graph. */
function flameOf(analysis: Analysis, wanted: SiteEstimate): CallTree {
  const category = categoryOf(wanted);
  const all = analysis.estimates.filter(
    (each) =>
      categoryOf(each) === category &&
      each.kind !== "hop" &&
      isContention(each.basis) === isContention(wanted.basis),
  );
  const unit = all.some((each) => analysis.microsOf(each) === null) ? analysis.unitOf(wanted) : "impact";
  const tree = new CallTreeBuilder(null);
  for (const estimate of all) {
    const { value, stacks } = partsOf(analysis, estimate, unit);
    const operation = operationOf(estimate);
    for (const [stack, part] of stacks) {
      const frames = framesOf(analysis, estimate, stack);
      if (stack === 0 || frames.length === 0) tree.addUnplaced(part);
      else tree.add([...shownInside(frames).reverse(), operation], part);
    }
    if (stacks.length === 0) tree.addUnplaced(value);
  }
  return tree.build(unit, MOST_FLAME_NODES);
}

/** Of Node's frames only those that the innermost of the others called. */
function shownInside(frames: readonly CallFrame[]): CallFrame[] {
  const callee = frames.findIndex(isCaller);
  return frames.filter((frame, at) => at < callee || isCaller(frame));
}

function operationOf({ kind, callee }: SiteEstimate): CallFrame {
  return {
    function: callee === "" ? kind : callee,
    file: "",
    line: 0,
    column: 0,
    role: "operation",
    async: false,
  };
}

/** Heap samples name where functions begin: the innermost frame is at the line that is known better. */
function framesOf({ sites }: Analysis, { objects, site }: SiteEstimate, stack: number): CallFrame[] {
  const frames = sites.callFrames(stack);
  const [innermost, ...callers] = frames;
  if (innermost === undefined || objects === null || objects.basis === "function" || !site.own) return frames;
  return [{ ...innermost, line: site.line, column: site.column }, ...callers];
}
