// Requests that overlap, wait in many ways, get their bodies piece by piece and come pipelined over kept connections. Each
// notes at every point which request we take its code to belong to, and what a store of its own says.
const { AsyncLocalStorage, AsyncResource } = require("node:async_hooks");
const { once } = require("node:events");
const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const { setTimeout: passed } = require("node:timers/promises");
const zlib = require("node:zlib");
const harness = globalThis.harness ?? { request: () => null, cut: () => ({ requests: [], faultTexts: [] }) };

const own = new AsyncLocalStorage();
/** By the request's name: [point, our id, the program's own store]. */
const points = {};
const outside = [];
const note = (name, point) => {
  points[name] ??= [];
  points[name].push([point, harness.request(), own.getStore() ?? null]);
};
const called = (action) => new Promise((resolve) => action(resolve));
/** Runs work in the order that it was handed in, as a queue of a library does: bound to who handed it in. */
const queue = [];

async function serve(request, response) {
  const name = request.url.slice(1);
  note(name, "handler");
  own.run(name, () => note(name, "own store"));
  request.on("data", () => note(name, "data"));
  request.on("end", () => note(name, "end"));
  request.on("close", () => note(name, "close of the request"));
  process.nextTick(() => note(name, "nextTick"));
  queueMicrotask(() => note(name, "microtask"));
  if (request.method === "POST") await once(request, "end");
  note(name, "after the body");
  await null;
  note(name, "await");
  await passed(5);
  note(name, "promised timer");
  await called((done) => setTimeout(done, 5));
  note(name, "timer");
  await called(setImmediate);
  note(name, "immediate");
  await called((done) => fs.stat(__filename, done));
  note(name, "fs callback");
  await fs.promises.stat(__filename);
  note(name, "fs promise");
  await called((done) => zlib.deflate("text", done));
  note(name, "zlib");
  await called((done) => queue.push(AsyncResource.bind(done)));
  note(name, "queue");
  const inner = await called((done) =>
    http.get({ port: echo.address().port, host: "127.0.0.1", agent }, done),
  );
  note(name, "client response");
  for await (const _chunk of inner) note(name, "client data");
  response.on("finish", () => note(name, "finish"));
  response.end(name);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const echo = http.createServer((_request, response) => response.end("inner"));
const server = http.createServer(serve);
const ticker = setInterval(() => {
  outside.push(harness.request());
  for (const done of queue.splice(0)) done();
}, 1);

/** By the port of the other end. */
const accepted = new Map();
server.on("connection", (socket) => accepted.set(socket.remotePort, socket));

/** Writes the pieces, each when the server has read those before it, and waits until so many answers have come. */
async function ask(pieces, answers) {
  const socket = net.connect(server.address().port, "127.0.0.1").setNoDelay(true);
  await once(socket, "connect");
  let text = "";
  socket.on("data", (data) => {
    text += data;
  });
  let sent = 0;
  for (const piece of pieces) {
    socket.write(piece);
    sent += piece.length;
    while ((accepted.get(socket.localPort)?.bytesRead ?? 0) < sent) await called(setImmediate);
    for (let turns = 0; turns < 3; turns++) await called(setImmediate);
  }
  while (text.split("HTTP/1.1 200").length <= answers) await once(socket, "data");
  return [socket, text];
}
const get = (name) => `GET /${name} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (name, bytes) => `POST /${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`;

async function main() {
  await once(server.listen(0, "127.0.0.1"), "listening");
  await once(echo.listen(0, "127.0.0.1"), "listening");
  const asked = await Promise.all([
    ask([get("plain")], 1),
    ask([post("pieces", 9), "one", "two", "six"], 1),
    ask([`${post("whole", 3)}abc`], 1),
    ask([get("first") + get("second") + post("third", 6), "abc", "def"], 3),
    ask([get("halves").slice(0, 12), get("halves").slice(12)], 1),
  ]);
  const [kept] = asked[0];
  const answered = once(kept, "data");
  kept.write(post("kept", 4));
  kept.write("body");
  await answered;
  for (const [socket] of asked) socket.destroy();
  agent.destroy();
  clearInterval(ticker);
  server.close();
  echo.close();
  const { requests, faultTexts } = harness.cut();
  const answers = asked.map(([, text]) => text.replaceAll(/Date: .*\r\n/g, ""));
  console.log(JSON.stringify({ points, outside, answers, requests, faults: faultTexts }));
}
main();
