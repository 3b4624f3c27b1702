// Fixtures: hotspots of an order server. Their figures are invented and used by tests only.

import type { Category, Kind } from "../../src/protocol/categories.ts";
import type { Hotspot, Location } from "../../src/protocol/report.ts";

const ROOT = "/home/ada/orders/src/";
export function at(file: string, line: number, name: string, column = 3): Location {
  return { file: `${ROOT}${file}`, line, column, function: name };
}

export const REQUESTS = 138_240;
export const RATE_REQUESTS = 21_000;

export function hotspot(
  category: Category,
  kind: Kind,
  site: Location,
  callee: string,
  impact: number,
  perRequest: number,
  each: number,
  share: number,
  change: Partial<Hotspot> = {},
): Hotspot {
  const unit = category === "locks" ? "micros" : category === "switches" ? "switches" : "bytes";
  return {
    category,
    kind,
    ...site,
    callee,
    count: each * REQUESTS,
    amount: perRequest * REQUESTS,
    unit,
    perRequest,
    share,
    impactMicrosPerRequest: impact,
    samples: 1204,
    relativeError: 0.04,
    confidence: "sampled",
    holder: null,
    basis: null,
    releaser: null,
    key: null,
    keys: [],
    queue: null,
    routes: [],
    hold: null,
    stack: [site, at("routes.ts", 12, "handler")],
    byWorker: [30, 36, 31, 33],
    ...change,
  };
}

/** What V8 allocates is not known by request. */
const ORDERS = { routes: [{ method: "POST", route: "/orders", share: 1 }] };
const BOTH = {
  routes: [
    { method: "POST", route: "/orders", share: 0.8 },
    { method: "GET", route: "/rates/:currency", share: 0.2 },
  ],
};
const RATES = { routes: [{ method: "GET", route: "/rates/:currency", share: 1 }] };

export const PLACE = at("place.ts", 19, "placeOrder", 25);
const SMALL = Array.from({ length: 22 }, (_, index) =>
  index === 7
    ? hotspot("locks", "wait", at("cache.ts", 40, "refresh"), "Mutex.acquire", 4, 4, 0.02, 0.01)
    : hotspot(
        "copies",
        "concat",
        at("render.ts", 10 + index, "renderPart"),
        "Buffer.concat",
        152 / 21,
        3100,
        1,
        0.015,
        {
          relativeError: 0.2,
          samples: 60,
        },
      ),
);

export const HOTSPOTS: readonly Hotspot[] = [
  hotspot("locks", "wait", PLACE, "Mutex.acquire", 268, 268, 1, 0.69, {
    ...ORDERS,
    relativeError: 0.02,
    samples: 8410,
    holder: at("place.ts", 20, "placeOrder"),
    basis: "exact",
    releaser: at("stock.ts", 77, "giveBack"),
    key: "orders:17",
    keys: [
      { key: "orders:17", share: 0.62 },
      { key: "orders:4", share: 0.2 },
    ],
    queue: { mean: 3.2, max: 9 },
    stack: [PLACE, at("routes.ts", 12, "handler"), at("server.ts", 31, "")],
    byWorker: [60, 62, 76, 70],
  }),
  hotspot("allocations", "objects", at("place.ts", 28, "placeOrder"), "", 84, 91_300, 12, 0.34, {
    relativeError: 0.06,
    samples: 900,
  }),
  hotspot("copies", "serialise", at("place.ts", 30, "placeOrder"), "JSON.stringify", 68, 61_400, 1, 0.4, {
    ...ORDERS,
    relativeError: 0.03,
  }),
  hotspot(
    "allocations",
    "objects",
    at("place.ts", 29, "placeOrder"),
    "structuredClone",
    61,
    66_200,
    4,
    0.25,
    { relativeError: 0.08, samples: 512, byWorker: [30, 41, 31, 33] },
  ),
  hotspot("locks", "pool wait", at("db.ts", 14, "query"), "Pool.connect", 52, 52, 2, 0.13, {
    ...BOTH,
    relativeError: 0.05,
    byWorker: [4, 8, 90, 6],
  }),
  hotspot("copies", "clone", at("place.ts", 29, "placeOrder"), "structuredClone", 47, 61_400, 1, 0.27, {
    ...ORDERS,
    relativeError: 0.03,
  }),
  hotspot("switches", "round trip", at("place.ts", 33, "placeOrder"), "zlib.gzip", 46, 2, 1, 0.39, {
    ...BOTH,
    relativeError: 0.03,
  }),
  hotspot("switches", "round trip", at("payments.ts", 22, "charge"), "dns.lookup", 44, 1.9, 0.95, 0.37, {
    ...ORDERS,
    confidence: "exact",
    relativeError: 0,
  }),
  hotspot("locks", "wait", at("rates.ts", 31, "rateFor"), "Promise", 40, 40, 0.1, 0.1, {
    ...RATES,
    confidence: "inferred",
    basis: "inferred",
    byWorker: [30, 26, 39, 33],
  }),
  hotspot("switches", "process", at("thumbs.ts", 8, "render"), "child_process.spawn", 9.4, 0.02, 0.01, 0.08, {
    relativeError: 0.41,
    samples: 6,
  }),
  ...SMALL,
];
