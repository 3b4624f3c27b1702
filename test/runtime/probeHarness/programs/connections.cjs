// Connections that are open, and loop iterations, while a server is asked over three kept connections.
const http = require("node:http");
const harness = globalThis.harness;
const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
const server = http.createServer((_request, response) => response.end("ok"));
const ask = (port) =>
  new Promise((resolve, reject) => {
    http
      .get({ port, host: "127.0.0.1", agent }, (response) => response.resume().once("end", resolve))
      .once("error", reject);
  });
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  await Promise.all([ask(port), ask(port), ask(port)]);
  const open = harness.cut();
  agent.destroy();
  const until = () =>
    server.getConnections((_error, count) => {
      if (count > 0) return setImmediate(until);
      const closed = harness.cut();
      server.close();
      const { heapUsedBytes, rssBytes } = closed.process;
      console.log(
        JSON.stringify({
          open: open.process.openConnections,
          closed: closed.process.openConnections,
          iterations: open.thread.loopIterations,
          active: open.thread.loopActiveMicros,
          cpu: open.process.cpuMicros,
          heapUsedBytes,
          rssBytes,
          faults: [...open.faultTexts, ...closed.faultTexts],
        }),
      );
    });
  until();
});
