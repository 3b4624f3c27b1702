// One job waits for a thread of libuv's pool while four others fill it: a request's, that of one that has answered, nobody's.
const { execFileSync } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const { createServer, get } = require("node:http");
const { promisify } = require("node:util");

const harness = globalThis.harness;

async function filled(pipe) {
  const opened = Array.from({ length: 4 }, () => promisify(fs.open)(pipe, "r"));
  setTimeout(() => fs.closeSync(fs.openSync(pipe, "w")), 20);
  await fs.promises.stat(__filename);
  for (const file of await Promise.all(opened)) fs.closeSync(file);
}

async function main() {
  const pipe = `${require("node:os").tmpdir()}/darcy-pipe-${process.pid}`;
  execFileSync("mkfifo", [pipe]);
  let handler;
  const server = createServer((_request, response) => void handler(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const ask = (by) => {
    handler = by;
    const { port } = server.address();
    return new Promise((done) =>
      get({ port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)),
    );
  };
  const waits = () =>
    harness
      .cut()
      .exact.filter(({ kind }) => kind === "pool wait")
      .map(({ basis, count }) => [basis, count]);
  await ask((response) => response.end());
  harness.cut();
  const told = {};
  await ask(async (response) => {
    await filled(pipe);
    response.end();
  });
  told.request = waits();
  let later;
  await ask((response) => {
    response.end();
    later = once(response, "finish").then(() => filled(pipe));
  });
  await later;
  told.answered = waits();
  await filled(pipe);
  told.nobody = waits();
  fs.unlinkSync(pipe);
  server.close();
  server.closeAllConnections();
  console.log(JSON.stringify(told));
}
main();
