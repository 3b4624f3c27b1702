// Tests: the public packages that the programs use, at their latest versions, beside the project and not in it.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runNpm } from "../../../scripts/prepare.mjs";
import { root } from "../sides.ts";

export const folder = join(root, ".cache/public");
/** What was installed within it counts as the latest. */
const FRESH_MS = 24 * 3_600_000;

const PACKAGES = [
  "@apollo/server@latest",
  "@as-integrations/express5@latest",
  "@fastify/multipart@latest",
  "@fastify/static@latest",
  "@fastify/websocket@latest",
  "@hono/node-server@latest",
  "@koa/multer@latest",
  "@koa/router@latest",
  "@nestjs/common@latest",
  "@nestjs/core@latest",
  "@nestjs/platform-express@latest",
  // Of the newest those that go together: the tracer's and the instrumentations' want another interface each.
  "@opentelemetry/api@>=1.9.0 <1.10.0",
  "@opentelemetry/instrumentation@~0.223.0",
  "@opentelemetry/instrumentation-express@~0.71.0",
  "@opentelemetry/instrumentation-http@~0.223.0",
  "@opentelemetry/sdk-trace-base@^2",
  "@opentelemetry/sdk-trace-node@^2",
  "@types/node@latest",
  "compression@latest",
  "express@latest",
  "fastify@latest",
  // Of Apollo Server's choice.
  "graphql@^16.11.0",
  "hono@latest",
  "ioredis@latest",
  "koa@latest",
  "koa-bodyparser@latest",
  "multer@latest",
  "next@latest",
  "pg@latest",
  "pg-query-stream@latest",
  "postgres@latest",
  "react@latest",
  "react-dom@latest",
  "redis@latest",
  "reflect-metadata@latest",
  "rxjs@latest",
  "semver@latest",
  "ts-node@latest",
  "tsx@latest",
  // With the interface that ts-node drives: version 7 has none.
  "typescript@^5",
  "socket.io@latest",
  "socket.io-client@latest",
  "undici@latest",
  "ws@latest",
];

/** Installs them where they are missing or a day old. @throws Error when there are none */
export function ensurePackages(): void {
  const marker = join(folder, "installed.json");
  const wanted = JSON.stringify(PACKAGES);
  const same = existsSync(marker) && readFileSync(marker, "utf8") === wanted;
  if (same && Date.now() - statSync(marker).mtimeMs < FRESH_MS) return;
  console.log(`Installing ${PACKAGES.length} packages into .cache/public ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true })}\n`);
  try {
    runNpm(["install", ...PACKAGES, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  } catch (error) {
    if (!same) throw error;
    console.log(`The latest versions can't be had (${String(error)}): those of before are used.`);
    return;
  }
  writeFileSync(marker, wanted);
}

/** For packages that the suite itself uses, as a client. */
export const fromCache = createRequire(join(folder, "package.json"));

interface Manifest {
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as Manifest;
}

export function versionOf(name: string): string {
  return manifestOf(name).version;
}

/** Why a package does not run on a Node; null: it does. @param node its version, as "20.19.1" */
export function unsupported(name: string, node: string): string | null {
  const { satisfies } = fromCache("semver") as { satisfies(version: string, range: string): boolean };
  const { version, engines } = manifestOf(name);
  const range = engines?.node;
  return range === undefined || satisfies(node, range) ? null : `${name} ${version} wants Node ${range}`;
}
