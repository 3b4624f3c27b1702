// Express with its own parsers, multer and compression.

import { createHash } from "node:crypto";
import http from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import compression from "compression";
import express from "express";
import multer from "multer";
import { LARGE, serve, sleep } from "./served.mjs";

const app = express();
const items = express.Router();
app.use("/zipped", compression());
app.get("/zipped", (_request, response) => response.type("text").send(LARGE.toString().slice(0, 50_000)));
app.get("/", (request, response) =>
  response.json({ hello: request.query.name ?? "world", query: request.query }),
);
items.param("id", (request, _response, next, id) => {
  request.item = Number(id);
  next();
});
items.get("/:id", (request, response) =>
  response.set("X-Item", String(request.item)).json({ id: request.item }),
);
app.use("/items", items);
app.post("/echo", express.json({ limit: "100kb" }), (request, response) =>
  response.status(201).json(request.body),
);
app.post("/form", express.urlencoded({ extended: true }), (request, response) => response.json(request.body));
app.post("/upload", multer({ storage: multer.memoryStorage() }).array("files"), (request, response) =>
  response.json({
    fields: request.body,
    files: request.files.map(({ originalname, mimetype, size, buffer }) => ({
      originalname,
      mimetype,
      size,
      hash: hashOf(buffer),
    })),
  }),
);
app.put("/raw", async (request, response) => {
  const hash = createHash("sha256");
  await pipeline(request, hash);
  response.send(hash.digest("hex"));
});
app.get("/stream", (_request, response) => {
  Readable.from(pieces()).pipe(response.type("text"));
});
app.get("/events", async (_request, response) => {
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  for (let id = 0; id < 3; id++) {
    response.write(`id: ${id}\ndata: ${JSON.stringify({ id })}\n\n`);
    await sleep(5);
  }
  response.end();
});
app.use("/static", express.static(process.env.STATIC));
app.get("/redirect", (_request, response) => response.redirect("/items/1"));
app.get("/cookies", (request, response) =>
  response
    .cookie("a", "1", { httpOnly: true })
    .cookie("b", "ü")
    .send(request.headers.cookie ?? "none"),
);
app.get("/throw", () => {
  throw new TypeError("thrown on purpose");
});
app.get("/reject", async () => {
  await sleep(1);
  JSON.parse("{ not json");
});
app.get("/upstream", async (_request, response) => {
  const answer = await fetch(`${process.env.UPSTREAM}/json`, {
    method: "POST",
    body: JSON.stringify({ a: [1] }),
  });
  response.status(answer.status).json(await answer.json());
});
app.get("/upstream-http", (_request, response) => {
  http.get(`${process.env.UPSTREAM}/large`, (answer) => answer.pipe(response.status(answer.statusCode)));
});
app.get("/slow", async (_request, response) => {
  response.write("begun ");
  await sleep(300);
  response.end("done");
});
app.use((error, request, response, next) => {
  console.error(`${request.method} ${request.path}: ${error.name}: ${error.message}`);
  next(error);
});

async function* pieces() {
  for (let at = 0; at < 20; at++) {
    if (at % 5 === 0) await sleep(2);
    yield `piece ${at}\n`;
  }
}
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

serve(http.createServer(app));
