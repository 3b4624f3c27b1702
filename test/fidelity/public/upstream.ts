// Tests: the HTTP server that programs ask while they are asked: answers, hashes, failures, a socket, events.

import { createHash } from "node:crypto";
import http from "node:http";
import type net from "node:net";
import { WebSocketServer } from "ws";

const LARGE = Buffer.alloc(1 << 20, "upstream");

export interface Upstream {
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const tries = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const path = request.url ?? "/";
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(path, request, response, Buffer.concat(chunks), tries));
  });
  const sockets = new WebSocketServer({ server, path: "/echo" });
  sockets.on("connection", (socket) =>
    socket.on("message", (data, binary) => socket.send(data as Buffer, { binary })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    environment: { UPSTREAM: `http://127.0.0.1:${port}` },
    async stop() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  path: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: Buffer,
  tries: Map<string, number>,
): void {
  const asJson = (value: unknown) =>
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(value));
  switch (path.split("?")[0]) {
    case "/json":
      return void asJson({ method: request.method, body: body.toString(), list: [1, 2, 3] });
    case "/large":
      return void response.setHeader("Content-Type", "text/plain").end(LARGE);
    case "/number":
      return void response.end(path.split("?")[1] ?? "0");
    case "/hash":
      return void asJson({
        type: request.headers["content-type"] ?? null,
        size: body.length,
        ...(request.headers["content-type"] === undefined
          ? { hash: createHash("sha256").update(body).digest("hex") }
          : {}),
      });
    case "/flaky": {
      const before = tries.get(path) ?? 0;
      tries.set(path, before + 1);
      response.statusCode = before < 2 ? 503 : 200;
      return void response.end(`try ${before + 1}`);
    }
    case "/reset":
      return void request.socket.resetAndDestroy();
    case "/half":
      response.setHeader("Content-Length", 100).write("half");
      return void setTimeout(() => request.socket.destroy(), 10);
    case "/never":
      return;
    case "/events":
      response.setHeader("Content-Type", "text/event-stream");
      for (const id of [1, 2, 3]) response.write(`id: ${id}\nevent: tick\ndata: ${id * 10}\n\n`);
      return;
    default:
      return void response.writeHead(404).end("nothing");
  }
}
