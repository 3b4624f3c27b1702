// Leaf: what an open row of the panel asks of the host, and what it shows: who calls, the category's flame graph, the lock grid.

import type { AmountUnit } from "./categories.ts";
import type { Hotspot, Location } from "./report.ts";

export const DETAILS_VIEWS = ["callers", "flame", "grid"] as const;
export type DetailsView = (typeof DETAILS_VIEWS)[number];

/** Tells a hotspot from all others of a report. */
export type SiteRef = Pick<
  Hotspot,
  "category" | "kind" | "file" | "line" | "column" | "function" | "callee" | "basis"
>;

/** What a site is kept by. */
export function siteName({ category, kind, file, line, function: name, callee, basis }: SiteRef): string {
  return [category, kind, `${file}:${line}`, name, callee, basis ?? ""].join("|");
}

export function siteRefOf(hotspot: SiteRef): SiteRef {
  const { category, kind, file, line, column, function: name, callee, basis } = hotspot;
  return { category, kind, file, line, column, function: name, callee, basis };
}

export interface SiteDetails {
  readonly site: SiteRef;
  readonly view: DetailsView;
  /** `callers`: from the site outwards (bottom-up). `flame`: all of the category, from outside inwards. */
  readonly tree: CallTree | null;
  readonly grid: LockGrid | null;
  /** Of a site that the report does not list: all that a listed one has. */
  readonly hotspot?: Hotspot;
}

export interface CallTree {
  /** Of the nodes' values, a request: `impact` is µs, processor or waiting time as the category's is. */
  readonly unit: "impact" | AmountUnit;
  readonly frames: readonly CallFrame[];
  /** A parent before its children, the heaviest child first; the first node is the root, whose parent is -1. */
  readonly nodes: readonly CallNode[];
  /** What is not among the nodes: stacks that are not known, and nodes too small or too many to list. */
  readonly rest: number;
}
/** `frame` -1: all of the category. */
export type CallNode = readonly [parent: number, frame: number, value: number];
export interface CallFrame extends Location {
  /** `operation`: what is measured, in the innermost place. */
  readonly role: "user" | "dependency" | "runtime" | "operation";
  /** It awaits what stands within it. */
  readonly async: boolean;
}

/** Waiting time by acquiring site and lock key, µs a request. */
export interface LockGrid {
  readonly sites: readonly (Location & { readonly callee: string; readonly micros: number })[];
  /** Null: locks without a key, or waits whose key is not known. */
  readonly keys: readonly (string | null)[];
  /** By site, then by key. 0: no wait was seen. */
  readonly micros: readonly (readonly number[])[];
  /** Sites and keys with less that are not listed. */
  readonly moreSites: number;
  readonly moreKeys: number;
}
