// Bytes over TLS and HTTP/2, both ends in this process: what was written, and, on Linux, what the kernel counts of this process's
// reads and writes.
const { once } = require("node:events");
const fs = require("node:fs");
const http2 = require("node:http2");
const net = require("node:net");
const tls = require("node:tls");
const harness = globalThis.harness;

const BYTES = 2_000_000;
const chunk = Buffer.alloc(BYTES, 65);
/** A key that both know does without certificates. */
const shared = {
  ciphers: "PSK-AES128-GCM-SHA256:PSK",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
  checkServerIdentity: () => undefined,
};
const key = Buffer.alloc(32, 7);
const kernel = () => {
  try {
    const text = fs.readFileSync("/proc/self/io", "utf8");
    const of = (name) => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)[1]);
    return of("rchar") + of("wchar");
  } catch {
    return null;
  }
};

/** All of it there and back. */
async function secure() {
  const server = tls.createServer({ ...shared, pskCallback: () => key }, (socket) => socket.pipe(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  const pskCallback = () => ({ psk: key, identity: "darcy" });
  const socket = tls.connect({ ...shared, port, host: "127.0.0.1", pskCallback });
  await echoed(socket);
  socket.end();
  await once(socket, "close");
  server.close();
}

async function framed() {
  const server = http2.createServer().on("stream", (stream) => stream.pipe(stream));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const stream = session.request({ ":method": "POST" });
  await echoed(stream);
  stream.end();
  await once(stream, "close");
  session.close();
  await once(session, "close");
  server.close();
}

async function echoed(stream) {
  let got = 0;
  stream.on("data", ({ length }) => {
    got += length;
  });
  stream.write(chunk);
  while (got < BYTES) await once(stream, "data");
}

async function measured(action) {
  harness.cut();
  const before = kernel();
  await action();
  const after = kernel();
  const { io, faultTexts } = harness.cut();
  return { ...io, counted: before === null ? null : after - before, faults: faultTexts };
}

async function main() {
  // What Node loads for it is read before.
  net.createServer().close();
  await secure();
  await framed();
  const results = { secure: await measured(secure), framed: await measured(framed) };
  console.log(JSON.stringify({ each: 2 * BYTES, ...results }));
}
main();
