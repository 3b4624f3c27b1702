// Tests: the public servers and libraries: a program for each, and what it is asked.

import type { Asker } from "./asker.ts";
import { askGraphql, askNext, askRoutes, askTraced, askTyped } from "./asks/others.ts";
import { askSocketIo } from "./asks/socketIo.ts";
import { askFastifySocket, askWs } from "./asks/sockets.ts";
import { askWeb } from "./asks/web.ts";

export interface PublicCase {
  readonly name: string;
  /** Whose versions are shown, and have to support the Node. */
  readonly packages: readonly string[];
  /** In the programs' folder. */
  readonly file: string;
  readonly needs?: "postgres" | "redis";
  /** Of Node, before and after the file. */
  readonly words?: (file: string) => readonly string[];
  /** A path whose answer begins at once and ends 0.3 s later; "/slow". */
  readonly slow?: string;
  /** Its client asks by itself, too: there are at least as many requests as we have counted. */
  readonly asksMore?: true;
  ask(ask: Asker): Promise<void>;
}

const program = (
  name: string,
  packages: readonly string[],
  ask: PublicCase["ask"],
  more: Partial<PublicCase> = {},
): PublicCase => ({
  name,
  packages,
  file: `${name}.mjs`,
  ask,
  ...more,
});

export const PUBLIC_CASES: readonly PublicCase[] = [
  program("express", ["express", "multer"], askWeb),
  program("fastify", ["fastify", "@fastify/multipart", "@fastify/websocket"], async (ask) => {
    await askWeb(ask);
    await askFastifySocket(ask);
  }),
  program("koa", ["koa", "@koa/router"], askWeb),
  program("hono", ["hono", "@hono/node-server"], askWeb),
  program("nest", ["@nestjs/core", "@nestjs/platform-express"], askWeb),
  program("next", ["next", "react"], askNext, {
    file: "next",
    slow: "/api/slow",
    words: (folder) => ["../node_modules/next/dist/bin/next", "start", folder, "-p", "0", "-H", "127.0.0.1"],
  }),
  program("apollo", ["@apollo/server", "graphql"], askGraphql),
  program("ts-node", ["ts-node", "typescript"], askTyped, {
    file: "typed/server.ts",
    words: (file) => [
      "../node_modules/ts-node/dist/bin.js",
      "--project",
      "typed/tsconfig.json",
      file,
      "a word",
    ],
  }),
  program("tsx", ["tsx"], askTyped, {
    file: "typed/server.ts",
    words: (file) => ["../node_modules/tsx/dist/cli.mjs", file, "a word"],
  }),
  program("import-tsx", ["tsx"], askTyped, {
    file: "typed/server.ts",
    words: (file) => ["--import", "tsx", file, "a word"],
  }),
  program(
    "traced",
    ["express", "@opentelemetry/sdk-trace-node", "@opentelemetry/instrumentation"],
    askTraced,
    {
      words: (file) => ["--import", "./tracing.mjs", file],
    },
  ),
  program("ws", ["ws"], askWs),
  program("socketio", ["socket.io", "socket.io-client"], askSocketIo, { asksMore: true }),
  program(
    "undici",
    ["undici"],
    askRoutes(
      [
        "request",
        "fetch",
        "text",
        "form",
        "upload",
        "stream",
        "pipeline",
        "pool",
        "retry",
        "errors",
        "mocked",
        "socket",
        "events",
      ],
      ["request", "fetch", "form", "upload", "stream", "pool"],
    ),
  ),
  program(
    "pg",
    ["pg", "pg-query-stream"],
    askRoutes(
      [
        "query",
        "types",
        "large",
        "transaction",
        "errors",
        "prepared",
        "stream",
        "cut",
        "notify",
        "crowded",
        "killed",
        "unix",
        "callback",
      ],
      ["query", "types", "prepared", "stream"],
    ),
    { needs: "postgres" },
  ),
  program(
    "postgres",
    ["postgres"],
    askRoutes(
      [
        "query",
        "types",
        "transaction",
        "rollback",
        "errors",
        "cursor",
        "pipelined",
        "notify",
        "copy",
        "cancelled",
      ],
      ["query", "types", "cursor", "pipelined"],
    ),
    { needs: "postgres" },
  ),
  program(
    "redis",
    ["redis"],
    askRoutes(
      [
        "setget",
        "pipeline",
        "multi",
        "watch",
        "pubsub",
        "stream",
        "scan",
        "blocking",
        "script",
        "bytes",
        "errors",
        "pool",
        "killed",
      ],
      ["pipeline", "blocking", "pool"],
    ),
    { needs: "redis" },
  ),
  program(
    "ioredis",
    ["ioredis"],
    askRoutes(
      [
        "setget",
        "pipeline",
        "automatic",
        "multi",
        "watch",
        "pubsub",
        "scan",
        "script",
        "bytes",
        "errors",
        "callback",
        "killed",
      ],
      ["pipeline", "scan", "callback"],
    ),
    { needs: "redis" },
  ),
];
