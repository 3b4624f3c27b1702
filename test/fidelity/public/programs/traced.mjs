// express under OpenTelemetry (tracing.mjs): what it answers, and the spans of each request as the tracer has them.

import http from "node:http";
import { trace } from "@opentelemetry/api";
import express from "express";
import { serve, sleep } from "./served.mjs";

const upstream = process.env.UPSTREAM;
const app = express();

app.get("/users/:id", async (request, response) => {
  await sleep(1);
  trace.getTracer("own").startActiveSpan("own work", (span) => {
    span.end();
    response.json({ id: request.params.id, traced: trace.getActiveSpan() !== undefined });
  });
});
app.get("/outgoing", (_request, response) => {
  http
    .request(`${upstream}/json`, { method: "POST" }, (answer) => {
      answer.resume().once("end", () => response.json(answer.statusCode));
    })
    .end('{"a":1}');
});
app.get("/throws", () => {
  throw new Error("here");
});
app.get("/slow", async (_request, response) => {
  response.write("begun ");
  await sleep(300);
  response.end("done");
});
// Each with its parent's name: what the tracer knows of the request before this one.
app.get("/spans", (_request, response) => {
  const spans = globalThis.spans.getFinishedSpans();
  const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
  const told = spans.map((span) => {
    const parent = nameOf.get(span.parentSpanContext?.spanId) ?? "";
    return `${parent} > ${span.name} ${span.attributes["http.route"] ?? ""}`;
  });
  globalThis.spans.reset();
  response.json(told.sort());
});

serve(http.createServer(app));
