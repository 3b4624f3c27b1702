// Order service, the wasteful variant: every line here is plausible, and together they cost a request a lot.

const { mkdtempSync, rmSync } = require("node:fs");
const http = require("node:http");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { Audit } = require("./audit.js");
const { readBody } = require("./body.js");
const { OrderBook } = require("./orderBook.js");
const { overview } = require("./overview.js");
const { Signer } = require("./signer.js");
const { Stock } = require("./stock.js");

const state = mkdtempSync(path.join(tmpdir(), "orders-"));
const stock = new Stock(path.join(state, "stock.json"));
const audit = new Audit(path.join(state, "audit.log"));
const book = new OrderBook();
const signer = new Signer();

async function listOrders(response) {
  const { body, signature } = await overview(book.open(), stock, signer);
  await audit.note("list", book.size);
  response.writeHead(200, { "content-type": "application/json", "x-signature": signature });
  response.end(body); //= copies 20127
}

async function placeOrder(request, response) {
  const order = parseOrder(await readBody(request));
  if (order === null)
    return reply(response, 400, { error: "Wanted: { customer, lines: [{ sku, quantity }] }" });
  const missing = await stock.take(order.lines);
  if (missing !== null) return reply(response, 409, { error: `Not enough of ${missing} in stock` });
  const placed = book.add(order);
  await audit.note("place", placed.id);
  reply(response, 201, placed);
}

/** Null for anything that is not an order. */
function parseOrder(bytes) {
  try {
    const { customer, lines } = JSON.parse(bytes.toString("utf8"));
    const sound = ({ sku, quantity }) =>
      typeof sku === "string" && Number.isInteger(quantity) && quantity > 0;
    return typeof customer === "string" && lines.length > 0 && lines.every(sound)
      ? { customer, lines }
      : null;
  } catch {
    return null;
  }
}

function reply(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

async function handle(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname !== "/orders") return reply(response, 404, { error: "Not found" });
  if (request.method === "GET") return listOrders(response);
  if (request.method === "POST") return placeOrder(request, response);
  response.setHeader("allow", "GET, POST");
  reply(response, 405, { error: "Method not allowed" });
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else reply(response, error instanceof RangeError ? 413 : 500, { error: error.message });
  });
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`Orders on http://localhost:${server.address().port}/orders`);
});

function stop() {
  server.close(() => signer.close());
  server.closeIdleConnections();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.once("exit", () => rmSync(state, { recursive: true, force: true }));
