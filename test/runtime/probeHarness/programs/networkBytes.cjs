// Bytes over TCP, a Unix socket and HTTP, by what was written, and, on Linux, by what the kernel counts of this process's
// reads and writes.
const { once } = require("node:events");
const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const harness = globalThis.harness;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "darcy-net-"));
const chunk = Buffer.alloc(100_000, 65);
const kernel = () => {
  try {
    const text = fs.readFileSync("/proc/self/io", "utf8");
    const of = (name) => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)[1]);
    return of("rchar") + of("wchar");
  } catch {
    return null;
  }
};

/** The other end gets all of it and answers with as much. */
async function echo(address, times) {
  const server = net.createServer((socket) => socket.pipe(socket));
  await once(server.listen(address), "listening");
  const socket = net.connect(typeof address === "string" ? address : server.address());
  let got = 0;
  socket.on("data", (data) => {
    got += data.length;
  });
  for (let n = 0; n < times; n++) if (!socket.write(chunk)) await once(socket, "drain");
  while (got < times * chunk.length) await once(socket, "data");
  socket.end();
  await once(socket, "close");
  server.close();
  return times * chunk.length;
}

async function main() {
  harness.cut();
  const before = kernel();
  const tcp = await echo({ port: 0, host: "127.0.0.1" }, 20);
  const early = harness.cut().io;
  const pipe = await echo(path.join(folder, "socket"), 10);
  const server = http.createServer((request, response) => request.pipe(response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const request = http.request({ port: server.address().port, host: "127.0.0.1", method: "POST" });
  request.end(chunk);
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  server.closeAllConnections();
  server.close();
  const after = kernel();
  const { io, faultTexts } = harness.cut();
  fs.rmSync(folder, { recursive: true });
  // Each byte is sent twice, there and back, and as often received; both ends are of this process.
  const each = 2 * (tcp + pipe + chunk.length);
  const total = { received: early.received + io.received, sent: early.sent + io.sent };
  const counted = before === null ? null : after - before;
  console.log(JSON.stringify({ each, tcp, early, total, counted, faults: faultTexts }));
}
main();
