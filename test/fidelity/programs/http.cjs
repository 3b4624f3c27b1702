// Fidelity: servers and clients: events in their order, headers, bodies, errors, upgrades, keep-alive, HTTP/2.
const http = require("node:http");
const http2 = require("node:http2");
const net = require("node:net");
const fs = require("node:fs");
const zlib = require("node:zlib");
const { once } = require("node:events");
const { pipeline } = require("node:stream/promises");
const { say, events, thrown } = require("./say.cjs");

const answered = events();
const listener = http.createServer(async (request, response) => {
  const seen = events();
  for (const event of ["end", "close", "aborted"]) request.on(event, () => seen.add(`request ${event}`));
  for (const event of ["finish", "close", "prefinish", "pipe"])
    response.on(event, () => seen.add(`response ${event}`));
  response.on("close", () => say(`events of ${request.method} ${request.url}`, seen.text()));
  switch (request.url) {
    case "/json": {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.setHeader("content-type", "application/json");
      return response.end(
        JSON.stringify({ got: JSON.parse(Buffer.concat(chunks)), own: Object.keys(request).sort() }),
      );
    }
    case "/file":
      return pipeline(fs.createReadStream(__filename), zlib.createGzip(), response);
    case "/text":
      request.setEncoding("utf8");
      response.write("one,");
      return request.on("data", (chunk) => response.write(chunk)).on("end", () => response.end());
    case "/broken":
      response.write("half");
      return setImmediate(() => response.destroy());
    case "/trailers":
      response.writeHead(200, { trailer: "x-last" });
      response.write("x");
      response.addTrailers({ "x-last": "yes" });
      return response.end();
    default:
      response.statusCode = 404;
      return response.end(Object.keys(response).sort().join(","));
  }
});
listener.on("clientError", (error, socket) => {
  say("clientError", error.code);
  socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
});
listener.on("upgrade", (request, socket, head) => {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n${head.length}`,
  );
  socket.on("data", (chunk) => socket.end(`back ${chunk}`));
});
for (const event of ["connection", "request", "close", "listening"])
  listener.on(event, () => answered.add(event));

async function ask(port, path, { method = "GET", body, agent } = {}) {
  const request = http.request({
    port,
    host: "127.0.0.1",
    path,
    method,
    agent,
    headers: body === undefined ? {} : { "content-length": Buffer.byteLength(body) },
  });
  request.end(body);
  try {
    const [response] = await once(request, "response");
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const { date: _date, ...headers } = response.headers;
    return [response.statusCode, headers, Buffer.concat(chunks), response.trailers];
  } catch (error) {
    return thrown(error);
  }
}

async function run() {
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  say("address", Object.keys(listener.address()));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  say("json", (await ask(port, "/json", { method: "POST", body: '{"a":1}', agent })).map(String));
  const [status, headers, body] = await ask(port, "/file", { agent });
  say("file", [status, headers, zlib.gunzipSync(body).equals(fs.readFileSync(__filename))]);
  say("text", (await ask(port, "/text", { method: "POST", body: "äöü", agent })).map(String));
  say(
    "trailers",
    (await ask(port, "/trailers", { agent })).map((part) => JSON.stringify(part)),
  );
  say("not found", (await ask(port, "/nope")).map(String));
  say("broken", await ask(port, "/broken"));
  const three = await Promise.all(
    [1, 2, 3].map((number) => ask(port, "/json", { method: "POST", body: String(number), agent })),
  );
  say(
    "three at once",
    three.map(([code]) => code),
  );
  say("agent", [Object.values(agent.freeSockets).flat().length, agent.totalSocketCount]);
  agent.destroy();
  const raw = net.connect(port, "127.0.0.1");
  raw.write("nonsense\r\n\r\n");
  say("nonsense", String(await once(raw, "data")));
  const upgraded = http
    .request({ port, host: "127.0.0.1", headers: { connection: "Upgrade", upgrade: "mine" } })
    .end();
  const [, socket] = await once(upgraded, "upgrade");
  socket.write("hello");
  say("upgraded", String(await once(socket, "data")));
  const fetched = await fetch(`http://127.0.0.1:${port}/json`, { method: "POST", body: "[1]" });
  say("fetch", [fetched.status, await fetched.json()]);
  say("refused", await ask(1, "/"));
  listener.close();
  listener.closeAllConnections();
  await once(listener, "close");
  say("server events", answered.text());
  const twice = http.createServer();
  twice.listen(0);
  await once(twice, "listening");
  say(
    "listening twice",
    await new Promise((resolve) => {
      try {
        twice.listen(0);
        resolve("no error");
      } catch (error) {
        resolve(thrown(error));
      }
    }),
  );
  const taken = net.createServer();
  taken.listen(twice.address().port);
  say("taken port", await once(taken, "error").then(([error]) => [error.code, error.syscall]));
  twice.close();
  await second();
}

async function second() {
  const server = http2.createServer((request, response) => {
    response.setHeader("x-mine", "yes");
    response.end(`${request.method} ${request.url}`);
  });
  server.on("sessionError", () => {});
  server.listen(0);
  await once(server, "listening");
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const stream = client.request({ ":path": "/second" });
  stream.end();
  const [headers] = await once(stream, "response");
  stream.setEncoding("utf8");
  let text = "";
  for await (const chunk of stream) text += chunk;
  say("http2", [headers[":status"], headers["x-mine"], text]);
  client.close();
  server.close();
}
run();
