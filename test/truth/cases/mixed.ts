// Truth suite: cases of several categories at once.

import path from "node:path";
import type { Report } from "../../../src/protocol/report.ts";
import { readTruths } from "../truthComments.ts";
import { CALM, FULL, root, server, type TruthCase } from "./truthCase.ts";

const orders = path.join(root, "examples/orders/src/wasteful");
const ORDERS_FILES = [
  "audit",
  "body",
  "catalogue",
  "orderBook",
  "overview",
  "server",
  "signer",
  "signerThread",
  "stock",
].map((file) => path.join(orders, `${file}.js`));

/** Of 50 a second, the default, 8 s of full load are off by up to 15 %, and the report says so. */
const MANY_STACKS = 10_000;

/** Of kernel switches, and of the bytes off the heap, so many have a known cause or a line. */
const LEAST_SWITCHES_EXPLAINED = 0.9;
const LEAST_OFF_HEAP_COUNTED = 0.95;
/** Of the copied bytes in all, which are as many as its lines state together. */
const TOTAL_TOLERANCE = 0.03;

/** What the example is in all. */
function checkOrders({ totals, offHeap, node }: Report): string[] {
  const { explained } = totals.switches;
  const { countedBytes = 0, unexplainedBytes } = offHeap ?? {};
  const counted = countedBytes / (countedBytes + (unexplainedBytes ?? Number.NaN));
  const { lines } = readTruths(ORDERS_FILES, Number.parseInt(node.replace(/^v/, ""), 10), new Map());
  const copied = lines.reduce(
    (sum, { category, amount }) => (category === "copies" ? sum + (amount ?? 0) : sum),
    0,
  );
  const error = Math.abs((totals.copies.perRequest ?? 0) / copied - 1);
  return [
    ...(explained !== null && explained >= LEAST_SWITCHES_EXPLAINED
      ? []
      : [`switches explained: ${explained}`]),
    ...(counted >= LEAST_OFF_HEAP_COUNTED ? [] : [`off the heap: ${counted} counted`]),
    ...(error <= TOTAL_TOLERANCE ? [] : [`copies in all: ${totals.copies.perRequest} instead of ${copied}`]),
  ];
}

export const MIXED: readonly TruthCase[] = [
  {
    name: "shared operation, calm",
    ...CALM,
    quick: [],
    rate: 4,
    seconds: 5,
    ...server("shared", "server.cjs"),
  },
  { name: "shared operation, full load", ...FULL, stacks: MANY_STACKS, ...server("shared", "server.cjs") },
  {
    name: "orders example",
    ...FULL,
    seconds: 12,
    quick: [26],
    stacks: MANY_STACKS,
    path: "/orders",
    connections: 10,
    sources: ORDERS_FILES,
    args: () => [path.join(orders, "server.js")],
    check: checkOrders,
  },
];
