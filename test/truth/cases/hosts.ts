// Truth suite: servers within frameworks.

import type { Report } from "../../../src/protocol/report.ts";
import { CALM, FULL, inFixture, type TruthCase } from "./truthCase.ts";

const host = (name: string) => ({
  path: "/shop/orders/17",
  sources: inFixture(name, "server.cjs"),
  args: () => inFixture(name, "server.cjs"),
  check: hasRoute,
});

/** The frameworks tell their route, wherever it is mounted. */
function hasRoute({ requests }: Report): string[] {
  const [first, ...others] = requests.routes;
  if (first?.method === "GET" && first.route === "/shop/orders/:id" && others.length === 0) return [];
  return [`routes: ${requests.routes.map(({ method, route }) => `${method} ${route}`).join(", ")}`];
}

export const HOSTS: readonly TruthCase[] = [
  { name: "express, nested routers", ...CALM, quick: [26], ...host("express") },
  { name: "express, full load", ...FULL, ...host("express") },
  { name: "fastify, plugin", ...CALM, ...host("fastify") },
  { name: "fastify, full load", ...FULL, ...host("fastify") },
];
