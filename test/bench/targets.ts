// Benchmark: the servers that it measures, and what they are asked.

import type { Request } from "./client.ts";

export interface Target {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  /** Asked in turn. */
  readonly requests: readonly Request[];
}

const get = (path: string): Request => ({ method: "GET", path });
const ORDER = JSON.stringify({
  customer: "c-1042",
  lines: Array.from({ length: 20 }, (_, n) => ({ sku: `sku-${n}`, quantity: n + 1, cents: 199 })),
});

export const TARGETS: readonly Target[] = [
  { name: "bare", file: "test/fixtures/bench/json.cjs", requests: [get("/")] },
  { name: "fastify", file: "test/fixtures/bench/fastify.cjs", requests: [get("/items")] },
  {
    name: "express",
    file: "test/fixtures/bench/express.cjs",
    requests: [{ method: "POST", path: "/orders", body: ORDER }, get("/catalogue.html")],
  },
  { name: "proxy", file: "test/fixtures/bench/proxy.cjs", requests: [get("/")] },
  { name: "orders", file: "examples/orders/src/wasteful/server.js", requests: [get("/orders")] },
];
