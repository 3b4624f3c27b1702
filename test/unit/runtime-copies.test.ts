// Sizes of clones against V8's own serialiser, and routes against what a reader would write.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import v8 from "node:v8";
import { type Cloned, clonedBytes } from "../../src/runtime/probes/copies/clonedBytes.ts";
import { normalise } from "../../src/runtime/probes/http/routes.ts";

const total = ({ graph, bulk }: Cloned) => graph + bulk;

describe("clonedBytes", () => {
  const order = {
    id: 4711,
    customer: "Ada Lovelace",
    lines: [{ sku: "a-1", count: 2, price: 9.5 }],
    paid: true,
    note: null,
  };
  const cases: Record<string, unknown> = {
    "a string": "x".repeat(5_000),
    "an order": order,
    "a list of orders": Array.from({ length: 100 }, (_, i) => ({ ...order, id: i })),
    "a typed array": new Uint8Array(10_000),
    "a map": new Map(Array.from({ length: 50 }, (_, i) => [`key${i}`, i])),
    "a shared reference": [order, order, order],
    "more numbers than are looked at": Array.from({ length: 200_000 }, (_, i) => i % 1_000),
    "more orders than are looked at": Array.from({ length: 20_000 }, (_, i) => ({ ...order, id: i })),
    "a large map": new Map(Array.from({ length: 30_000 }, (_, i) => [`key${i}`, { i }])),
    "a large record": Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key${i}`, `value ${i}`])),
  };
  for (const [name, value] of Object.entries(cases)) {
    it(`is within 5 % of v8.serialize for ${name}`, () => {
      const truth = v8.serialize(value).length;
      const estimate = total(clonedBytes(value));
      assert.ok(Math.abs(estimate - truth) <= Math.max(16, truth * 0.05), `${estimate} for ${truth}`);
    });
  }

  it("runs none of the user's code", () => {
    const bad = () => assert.fail("user code ran");
    const value = {
      get trap() {
        return bad();
      },
      proxy: new Proxy({}, { ownKeys: bad, get: bad, getOwnPropertyDescriptor: bad }),
    };
    assert.ok(total(clonedBytes(value)) > 0);
  });

  it("counts a buffer under two views once, and shared memory not at all", () => {
    const buffer = new ArrayBuffer(1_000);
    assert.equal(clonedBytes([new Uint8Array(buffer), new Uint8Array(buffer)]).bulk, 1_000);
    assert.ok(total(clonedBytes(new Uint8Array(new SharedArrayBuffer(1_000)))) < 100);
  });

  it("counts what is transferred as moved", () => {
    const moved = new ArrayBuffer(5_000);
    const value = { moved: new Uint8Array(moved), kept: new Uint8Array(1_000) };
    assert.equal(clonedBytes(value).bulk, 6_000);
    assert.equal(clonedBytes(["s".repeat(1_000), value]).memory, 6_000);
    assert.equal(clonedBytes(value, [moved]).bulk, 1_000);
  });

  it("counts characters beyond Latin-1 twice, as V8 holds them", () => {
    const value = { text: "ж".repeat(1_000), short: "жж" };
    const truth = v8.serialize(value).length;
    assert.equal(clonedBytes(value).bulk, 2_000);
    assert.ok(Math.abs(total(clonedBytes(value)) - truth) < 10, `${total(clonedBytes(value))} for ${truth}`);
  });

  it("tells bytes and long text apart from the graph around them", () => {
    const message = { id: 1, text: "x".repeat(20_000), bytes: new Uint8Array(30_000), name: "short" };
    const { graph, bulk } = clonedBytes(message);
    assert.equal(bulk, 50_000);
    assert.ok(graph < 100, `${graph} bytes of graph`);
    const many = Array.from({ length: 20_000 }, () => ({ bytes: new Uint8Array(100) }));
    assert.ok(Math.abs(clonedBytes(many).bulk - 2_000_000) < 20_000);
  });
});

describe("normalise", () => {
  const cases: [string, string][] = [
    ["/", "/"],
    ["", "/"],
    ["/orders?limit=10", "/orders"],
    ["/orders/42/lines/7", "/orders/:id/lines/:id"],
    ["/users/3f2c9e1a-0b1c-4d5e-8f90-123456789abc", "/users/:id"],
    ["/blobs/9f86d081884c7d65", "/blobs/:id"],
    ["/static/app.3f2c9e1a.js", "/static/app.3f2c9e1a.js"],
    ["/decade", "/decade"],
    ["/a/b/c/d/e/f/g/h/i", "/a/b/c/d/e/f/g/h/…"],
  ];
  for (const [url, route] of cases) {
    it(`${url} is ${route}`, () => assert.equal(normalise(url), route));
  }
});
