// Fastify with schemas, hooks, encapsulation, multipart and websocket.

import { createHash } from "node:crypto";
import http from "node:http";
import { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import fastifyStatic from "@fastify/static";
import websocket from "@fastify/websocket";
import Fastify from "fastify";
import { endWith, LARGE, sleep } from "./served.mjs";

const app = Fastify({ bodyLimit: 100 * 1024, requestTimeout: 20_000 });
app.addHook("onRequest", async (request) => {
  request.order = ["onRequest"];
});
app.addHook("preHandler", async (request) => {
  request.order.push("preHandler");
});
app.addHook("onSend", async (_request, reply, payload) => {
  reply.header("x-hooked", "yes");
  return payload;
});
app.addHook("onError", async (request, _reply, error) => {
  console.error(`${request.method} ${request.url}: ${error.name}: ${error.message}`);
});
await app.register(multipart, { limits: { fileSize: 5 << 20 } });
await app.register(fastifyStatic, { root: process.env.STATIC, prefix: "/static/" });
await app.register(websocket);
app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(body))),
);
app.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));

app.get("/", async (request) => ({ hello: request.query.name ?? "world", query: request.query }));
app.get(
  "/items/:id",
  {
    schema: {
      params: { type: "object", properties: { id: { type: "integer" } } },
      response: {
        200: { type: "object", properties: { id: { type: "integer" }, order: { type: "array" } } },
      },
    },
  },
  async (request, reply) => {
    reply.header("X-Item", request.params.id);
    return { id: request.params.id, order: request.order, left: "out" };
  },
);
app.post("/echo", async (request, reply) => reply.code(201).send(request.body));
app.post("/form", async (request) => request.body);
app.post("/upload", async (request) => {
  const found = { fields: {}, files: [] };
  for await (const part of request.parts()) {
    if (part.type !== "file") {
      found.fields[part.fieldname] = part.value;
      continue;
    }
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of part.file) {
      hash.update(chunk);
      size += chunk.length;
    }
    found.files.push({ name: part.filename, type: part.mimetype, size, hash: hash.digest("hex") });
  }
  return found;
});
app.put("/raw", { bodyLimit: 8 << 20 }, async (request) => {
  const hash = createHash("sha256");
  for await (const chunk of request.body) hash.update(chunk);
  return hash.digest("hex");
});
app.get("/stream", async (_request, reply) => reply.type("text/plain").send(Readable.from(pieces())));
app.get("/events", (_request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { "Content-Type": "text/event-stream" });
  Readable.from(["data: 1\n\n", "data: 2\n\n"]).pipe(reply.raw);
});
app.get("/zipped", async (_request, reply) => {
  const stream = new Response(LARGE.toString().slice(0, 50_000)).body.pipeThrough(
    new CompressionStream("gzip"),
  );
  return reply.header("content-encoding", "gzip").send(stream);
});
app.get("/redirect", async (_request, reply) => reply.redirect("/items/1"));
app.get("/cookies", async (request, reply) =>
  reply.header("set-cookie", ["a=1; HttpOnly", "b=2"]).send(request.headers.cookie ?? "none"),
);
app.get("/throw", () => {
  throw new TypeError("thrown on purpose");
});
app.get("/reject", async () => {
  await sleep(1);
  JSON.parse("{ not json");
});
app.get("/upstream", async (_request, reply) => {
  const answer = await fetch(`${process.env.UPSTREAM}/json`, {
    method: "POST",
    body: JSON.stringify({ a: [1] }),
  });
  return reply.code(answer.status).send(await answer.json());
});
app.get("/upstream-http", (_request, reply) => {
  http.get(`${process.env.UPSTREAM}/large`, (answer) => reply.code(answer.statusCode).send(answer));
});
app.get("/slow", (_request, reply) => {
  reply.hijack();
  reply.raw.write("begun ");
  setTimeout(() => reply.raw.end("done"), 300);
});
app.get("/inject", async () => {
  const { statusCode, headers, body } = await app.inject({ url: "/items/7" });
  return { statusCode, item: headers["x-item"], body };
});
app.get("/socket", { websocket: true }, (socket, request) => {
  socket.send(`hello ${request.query.name}`);
  socket.on("message", (data, binary) => socket.send(data, { binary }));
});

async function* pieces() {
  for (let at = 0; at < 20; at++) {
    if (at % 5 === 0) await sleep(2);
    yield `piece ${at}\n`;
  }
}

const address = await app.listen({ port: 0, host: "127.0.0.1" });
console.log(`listening on ${address}`);
endWith(() => app.close());
