// Koa with its router and multer.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import http from "node:http";
import { basename, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import multer from "@koa/multer";
import Router from "@koa/router";
import Koa from "koa";
import bodyParser from "koa-bodyparser";
import { LARGE, serve, sleep } from "./served.mjs";

const app = new Koa();
const router = new Router();
app.on("error", (error, context) => {
  console.error(`${context?.method} ${context?.path}: ${error.name}: ${error.message}`);
});
app.use(async (context, next) => {
  context.set("X-Before", "1");
  await next();
  context.set("X-After", String(context.status));
});
const parsed = bodyParser({ jsonLimit: "100kb" });
router.get("/", (context) => {
  context.body = { hello: context.query.name ?? "world", query: context.query };
});
router.get("/items/:id", (context) => {
  context.set("X-Item", context.params.id);
  context.body = { id: Number(context.params.id) };
});
router.post("/echo", parsed, (context) => {
  context.status = 201;
  context.body = context.request.body;
});
router.post("/form", parsed, (context) => {
  context.body = context.request.body;
});
router.post("/upload", multer().array("files"), (context) => {
  context.body = {
    fields: context.request.body,
    files: context.files.map(({ originalname, size, buffer }) => ({
      originalname,
      size,
      hash: createHash("sha256").update(buffer).digest("hex"),
    })),
  };
});
router.put("/raw", async (context) => {
  const hash = createHash("sha256");
  await pipeline(context.req, hash);
  context.body = hash.digest("hex");
});
router.get("/stream", (context) => {
  context.type = "text";
  context.body = Readable.from(pieces());
});
router.get("/events", (context) => {
  context.type = "text/event-stream";
  const events = new PassThrough();
  context.body = events;
  events.write("data: 1\n\n");
  setTimeout(() => events.end("data: 2\n\n"), 5);
});
router.get("/static/:name", async (context) => {
  const file = join(process.env.STATIC, basename(context.params.name));
  const { size } = await stat(file);
  context.set("ETag", `"${size}"`);
  if (context.fresh) {
    context.status = 304;
    return;
  }
  context.length = size;
  context.body = createReadStream(file);
});
router.get("/zipped", (context) => {
  context.set("Content-Encoding", "gzip");
  context.body = Readable.from([LARGE.subarray(0, 50_000)]).pipe(createGzip());
});
router.get("/redirect", (context) => context.redirect("/items/1"));
router.get("/cookies", (context) => {
  context.cookies.set("a", "1");
  context.body = context.cookies.get("c") ?? "none";
});
router.get("/throw", (context) => context.throw(418, "thrown on purpose", { expose: true }));
router.get("/reject", async () => {
  await sleep(1);
  JSON.parse("{ not json");
});
router.get("/upstream", async (context) => {
  const answer = await fetch(`${process.env.UPSTREAM}/json`, {
    method: "POST",
    body: JSON.stringify({ a: [1] }),
  });
  context.status = answer.status;
  context.body = await answer.json();
});
router.get("/upstream-http", async (context) => {
  context.body = await new Promise((resolve, reject) => {
    http.get(`${process.env.UPSTREAM}/large`, resolve).on("error", reject);
  });
});
router.get("/slow", async (context) => {
  context.respond = false;
  context.res.write("begun ");
  await sleep(300);
  context.res.end("done");
});
app.use(router.routes()).use(router.allowedMethods());

async function* pieces() {
  for (let at = 0; at < 20; at++) {
    if (at % 5 === 0) await sleep(2);
    yield `piece ${at}\n`;
  }
}

serve(http.createServer(app.callback()));
