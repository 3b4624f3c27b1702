// Hono on Node, by its own server adapter.

import { createHash } from "node:crypto";
import http from "node:http";
import { serve as honoServe } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { getCookie, setCookie } from "hono/cookie";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { stream, streamSSE, streamText } from "hono/streaming";
import { endWith, LARGE, sleep } from "./served.mjs";

const app = new Hono();
app.use(async (context, next) => {
  context.header("X-Before", "1");
  await next();
  context.header("X-After", String(context.res.status));
});
app.get("/", (context) =>
  context.json({ hello: context.req.query("name") ?? "world", query: context.req.queries() }),
);
app.get("/items/:id", etag(), (context) => context.json({ id: Number(context.req.param("id")) }));
app.post("/echo", bodyLimit({ maxSize: 100 * 1024 }), async (context) =>
  context.json(await context.req.json(), 201),
);
app.post("/form", async (context) => context.json(await context.req.parseBody()));
app.post("/upload", async (context) => {
  const form = await context.req.formData();
  const files = [];
  for (const file of form.getAll("files")) {
    const bytes = Buffer.from(await file.arrayBuffer());
    files.push({ name: file.name, type: file.type, size: file.size, hash: hashOf(bytes) });
  }
  return context.json({ title: form.get("title"), files });
});
app.put("/raw", async (context) => {
  const hash = createHash("sha256");
  for await (const chunk of context.req.raw.body) hash.update(chunk);
  return context.text(hash.digest("hex"));
});
app.get("/stream", (context) =>
  streamText(context, async (out) => {
    for (let at = 0; at < 20; at++) {
      await out.write(`piece ${at}\n`);
      if (at % 5 === 0) await out.sleep(2);
    }
  }),
);
app.get("/events", (context) =>
  streamSSE(context, async (out) => {
    for (let id = 0; id < 3; id++) await out.writeSSE({ id: String(id), event: "tick", data: `${id}` });
  }),
);
app.use("/zipped", compress());
app.get("/zipped", (context) => context.text(LARGE.toString().slice(0, 50_000)));
app.use(
  "/static/*",
  serveStatic({ root: process.env.STATIC, rewriteRequestPath: (path) => path.replace("/static", "") }),
);
app.get("/redirect", (context) => context.redirect("/items/1"));
app.get("/cookies", (context) => {
  setCookie(context, "a", "1", { httpOnly: true });
  return context.text(getCookie(context, "c") ?? "none");
});
app.get("/throw", () => {
  throw new HTTPException(418, { message: "thrown on purpose" });
});
app.get("/reject", async () => {
  await sleep(1);
  JSON.parse("{ not json");
});
app.get("/upstream", async (context) => {
  const answer = await fetch(`${process.env.UPSTREAM}/json`, {
    method: "POST",
    body: JSON.stringify({ a: [1] }),
  });
  return context.json(await answer.json(), answer.status);
});
app.get("/upstream-http", async (context) => {
  const answer = await new Promise((resolve, reject) => {
    http.get(`${process.env.UPSTREAM}/large`, resolve).on("error", reject);
  });
  return stream(context, async (out) => {
    for await (const chunk of answer) await out.write(chunk);
  });
});
// Passed on as it comes.
app.get("/proxied", () => fetch(`${process.env.UPSTREAM}/large`));
app.get("/slow", (context) =>
  stream(context, async (out) => {
    await out.write("begun ");
    await out.sleep(300);
    await out.write("done");
  }),
);
app.onError((error, context) => {
  console.error(`${context.req.method} ${context.req.path}: ${error.name}: ${error.message}`);
  if (error instanceof HTTPException) return error.getResponse();
  return context.json({ name: error.name, message: error.message }, 500);
});
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

const server = honoServe({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`listening on http://127.0.0.1:${port}`),
);
endWith(() => new Promise((resolve) => server.close(resolve)));
