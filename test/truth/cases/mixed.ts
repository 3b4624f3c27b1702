// Truth suite: cases of several categories at once.

import path from "node:path";
import { CALM, FULL, root, server, type TruthCase } from "./truthCase.ts";

const orders = path.join(root, "examples/orders/src/wasteful");

/** Of 50 a second, the default, 8 s of full load are off by up to 15 %, and the report says so. */
const MANY_STACKS = 10_000;

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
    sources: [
      "audit",
      "body",
      "catalogue",
      "orderBook",
      "overview",
      "server",
      "signer",
      "signerThread",
      "stock",
    ].map((file) => path.join(orders, `${file}.js`)),
    args: () => [path.join(orders, "server.js")],
  },
];
