// Unit tests: a request whose framework could not tell its route has a known one or none, never one of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { knownRoute } from "../../src/runtime/probes/http/routes.ts";
import { RouteTable } from "../../src/runtime/probes/http/routeTable.ts";

const get = (url: string) => ({ method: "GET", url });

test("what began in a rest goes to the route that the framework told of others", () => {
  const table = new RouteTable();
  const told = table.of(get("/orders/17"), "/orders/:order");
  const bare = table.of(get("/health"), null);
  assert.equal(table.ofUnseen(get("/orders/18?full=1")), told);
  assert.equal(table.ofUnseen(get("/health")), bare);
  assert.equal(table.ofUnseen(get("/never/seen")), table.other);
  assert.equal(table.ofUnseen({ method: "POST", url: "/orders/18" }), table.other);
  assert.equal(table.all.length, 3);
});

test("without such a framework it is the path's, as of others", () => {
  const table = new RouteTable();
  assert.equal(table.ofUnseen(get("/orders/17")), table.of(get("/orders/18"), null));
});

test("express leaves its route on the request", () => {
  const table = new RouteTable();
  table.of(get("/told"), "/told");
  const request = { ...get("/users/eve"), route: { path: "/users/:name" } };
  assert.equal(table.ofUnseen(request), table.of(request, null));
});

test("of several routes that fit, the one with the fewest variable parts", () => {
  const routes = ["*", "/files/*", "/:any/:other", "/files/:name", "/files/new"];
  assert.equal(knownRoute("/files/new", routes), "/files/new");
  assert.equal(knownRoute("/files/old", routes), "/files/:name");
  assert.equal(knownRoute("/files/a/b", routes), "/files/*");
  assert.equal(knownRoute("/users/a", routes), "/:any/:other");
  assert.equal(knownRoute("/users/", routes), "*");
  assert.equal(knownRoute("/a", ["/a/:b"]), null);
});
