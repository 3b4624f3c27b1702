// Fidelity: in whose stacks there are frames of the preload: those of the server's own errors, wherever they are made, and those of
// functions that are patched. Tells of each place only whether there are some.
const { AsyncLocalStorage, AsyncResource } = require("node:async_hooks");
const childProcess = require("node:child_process");
const crypto = require("node:crypto");
const { channel } = require("node:diagnostics_channel");
const dns = require("node:dns");
const { EventEmitter, once } = require("node:events");
const fs = require("node:fs");
const http = require("node:http");
const http2 = require("node:http2");
const net = require("node:net");
const readline = require("node:readline");
const { Readable, Transform, pipeline } = require("node:stream");
const timers = require("node:timers/promises");
const { promisify } = require("node:util");
const { MessageChannel, Worker } = require("node:worker_threads");
const zlib = require("node:zlib");
const { say } = require("./say.cjs");

Error.stackTraceLimit = 50;
const OWN = /darcy|preload\.js/;
const note = (label, error = new Error("here")) =>
  say(label, OWN.test(error.stack) ? "frames of ours" : "none");
/** Waits until a callback has been called, at most. */
const called = (label, start) =>
  new Promise((resolve) => {
    start(() => {
      note(label);
      resolve();
    });
  });
const thrown = (label, action) => {
  try {
    action();
    say(label, "nothing thrown");
  } catch (error) {
    note(label, error);
  }
};
const rejected = (label, promise) =>
  promise.then(
    () => say(label, "not rejected"),
    (error) => note(label, error),
  );

class Made {
  #error = new Error("here");
  constructor() {
    note("in a field", this.#error);
    note("in a constructor");
  }
  get own() {
    return note("in a getter");
  }
}

function synchronous() {
  note("at the top");
  new Made().own;
  const held = {};
  Error.captureStackTrace(held);
  note("captureStackTrace", held);
  Error.captureStackTrace(held, synchronous);
  note("captureStackTrace above a function", held);
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) =>
    sites
      .map((site) => `${site.getFileName()} ${site.getEvalOrigin()} ${site.getScriptNameOrSourceURL()}`)
      .join();
  note("prepareStackTrace of its own");
  Error.prepareStackTrace = prepareStackTrace;
  const emitter = new EventEmitter().on("event", () => note("in a listener"));
  emitter.emit("event");
  const target = new EventTarget();
  target.addEventListener("event", () => note("in a listener of an EventTarget"));
  target.dispatchEvent(new Event("event"));
  new AsyncLocalStorage().run(1, () => note("in an AsyncLocalStorage"));
  new AsyncResource("mine").runInAsyncScope(() => note("in an AsyncResource"));
  const told = channel("mine");
  told.subscribe(() => note("in a subscriber"));
  told.publish({});
  [1].map(() => note("in map"));
  "a".replace("a", () => note("in replace"));
  thrown("own error", () => null.x);
  thrown("of a function that is not patched", () => new Array(-1));
  const overflow = () => overflow();
  thrown("overflow", overflow);
}

function ofPatched() {
  JSON.parse("[1]", () => note("in a reviver"));
  JSON.stringify({ toJSON: () => note("in toJSON") });
  new Uint8Array(1).map(() => note("in map of a typed array"));
  thrown("thrown by JSON.parse", () => JSON.parse("{"));
  thrown("thrown by fs.readFileSync", () => fs.readFileSync("/no/such"));
}

async function promised() {
  await null;
  note("after an await");
  await Promise.resolve().then(() => note("in then"));
  await Promise.reject(new Error("own")).catch((error) => note("caught", error));
  await Promise.resolve().finally(() => note("in finally"));
  await timers.setTimeout(1);
  note("after a timer's promise");
  const inner = async () => {
    await timers.setImmediate();
    throw new Error("inner");
  };
  await rejected("async frames", (async () => inner())());
  await rejected("of Promise.all", Promise.all([inner()]));
  await rejected("rejected by fs.promises", fs.promises.readFile("/no/such"));
  await rejected("rejected by a promisified function", promisify(fs.readFile)("/no/such"));
  await fs.promises.readFile(__filename);
  note("after fs.promises");
  await (await fs.promises.open(__filename)).close();
  note("after a FileHandle");
  for await (const _chunk of fs.createReadStream(__filename)) note("in a stream's loop");
}

async function called_() {
  await called("in setTimeout", (done) => setTimeout(done, 1));
  await called("in setImmediate", setImmediate);
  await called("in nextTick", process.nextTick);
  await called("in queueMicrotask", queueMicrotask);
  await called("in a callback of fs.readFile", (done) => fs.readFile(__filename, done));
  await called("in a callback of fs.stat", (done) => fs.stat(__filename, done));
  await called("in a callback of crypto", (done) => crypto.randomBytes(8, done));
  await called("in a callback of zlib", (done) => zlib.gzip("text", done));
  await called("in a callback of dns", (done) => dns.lookup("127.0.0.1", done));
  await called("in a callback of exec", (done) => childProcess.exec("exit 0", done));
  await called("in a stream's data", (done) => fs.createReadStream(__filename).once("data", done));
  await called("in a stream's end", (done) => Readable.from(["a"]).resume().once("end", done));
  await called("in a transform", (done) =>
    new Transform({ transform: (_chunk, _encoding, next) => next(null, done()) }).end("a"),
  );
  await called("in a pipeline's callback", (done) =>
    pipeline(Readable.from(["a"]), zlib.createGzip().resume(), done),
  );
  await called("in a line of readline", (done) =>
    readline.createInterface({ input: fs.createReadStream(__filename) }).once("line", done),
  );
  await called("in a port's message", (done) => {
    const { port1, port2 } = new MessageChannel();
    port1.once("message", () => {
      done();
      port1.close();
    });
    port2.postMessage(1);
  });
  await called("in a worker's message", (done) =>
    new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true }).once(
      "message",
      done,
    ),
  );
}

async function served() {
  const server = http.createServer((request, response) => {
    note("in a request");
    request.on("data", () => note("in a request's data"));
    request.on("end", () => {
      note("in a request's end");
      Promise.resolve().then(() => {
        note("in a request's then");
        response.end("ok", () => note("in a callback of end"));
      });
    });
    response.on("finish", () => note("in finish"));
    response.on("close", () => note("in close"));
  });
  server.on("connection", (socket) => {
    note("in a connection");
    socket.once("close", () => note("in a connection's close"));
  });
  await once(server.listen(0), "listening");
  await new Promise((resolve) => {
    const request = http.request(
      { port: server.address().port, method: "POST", agent: false },
      (response) => {
        note("in an answer");
        response.on("data", () => note("in an answer's data"));
        response.on("end", () => {
          note("in an answer's end");
          resolve();
        });
      },
    );
    request.end("body");
  });
  await (await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", body: "b" })).text();
  note("after fetch");
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  note("after a server's close");

  const echo = net.createServer((socket) =>
    socket.once("data", () => (note("in a socket's data"), socket.end("x"))),
  );
  await once(echo.listen(0), "listening");
  await new Promise((resolve) => net.connect(echo.address().port).on("close", resolve).resume().write("a"));
  await new Promise((resolve) => echo.close(resolve));

  const streams = http2.createServer(
    (_request, response) => (note("in a request of HTTP/2"), response.end("ok")),
  );
  await once(streams.listen(0), "listening");
  const client = http2.connect(`http://127.0.0.1:${streams.address().port}`);
  await once(client.request().resume(), "end");
  client.close();
  await new Promise((resolve) => streams.close(resolve));
}

(async () => {
  synchronous();
  ofPatched();
  await promised();
  await called_();
  await served();
  process.once("uncaughtException", (error) => {
    note("uncaught", error);
    note("in its handler");
    process.once("unhandledRejection", (reason) => {
      note("unhandled rejection", reason);
      note("in that handler");
      process.on("exit", () => note("at the exit"));
    });
    Promise.reject(new Error("own"));
  });
  setImmediate(() => {
    throw new Error("own");
  });
})();
