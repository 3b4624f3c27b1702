// Fidelity: AsyncLocalStorage, AsyncResource and async_hooks of the program's own.
const {
  AsyncLocalStorage,
  AsyncResource,
  createHook,
  executionAsyncId,
  triggerAsyncId,
  executionAsyncResource,
} = require("node:async_hooks");
const fs = require("node:fs");
require("node:dns");
const http = require("node:http");
const zlib = require("node:zlib");
const crypto = require("node:crypto");
const { say, events } = require("./say.cjs");

const store = new AsyncLocalStorage();
const kinds = [];
/** What anything makes that waits for its turn: told once. */
const QUEUED = ["Immediate", "TickObject", "Timeout"];
const queued = new Set();
const hook = createHook({
  init(_id, type) {
    kinds.push(type);
  },
});

async function run() {
  say("top", [executionAsyncId(), triggerAsyncId(), Object.keys(executionAsyncResource())]);
  const ways = {
    readFile: (done) => fs.readFile(__filename, "utf8", done),
    "readFile of bytes": (done) => fs.readFile(__filename, done),
    stat: (done) => fs.stat("/", done),
    gzip: (done) => zlib.gzip("x", done),
    scrypt: (done) => crypto.scrypt("a", "b", 8, done),
    randomBytes: (done) => crypto.randomBytes(8, done),
    lookup: (done) => require("node:dns").lookup("127.0.0.1", done),
    immediate: (done) => setImmediate(done),
    timeout: (done) => setTimeout(done, 1),
    tick: (done) => process.nextTick(done),
    promise: (done) => Promise.resolve().then(done),
    "fs promise": (done) => fs.promises.readFile(__filename).then(done),
    response: (done) => new Response("x").text().then(done),
    digest: (done) => globalThis.crypto.subtle.digest("SHA-1", new Uint8Array(1)).then(done),
    lock: (done) => (globalThis.navigator?.locks ? navigator.locks.request("x", () => done()) : done()),
    waitAsync: (done) => {
      const alive = setInterval(() => {}, 1000);
      Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 5).value.then(() => {
        clearInterval(alive);
        done();
      });
    },
    stream: (done) =>
      fs
        .createReadStream(__filename)
        .on("data", () => {})
        .on("end", done),
    "gzip stream": (done) => {
      const gzip = zlib.createGzip();
      gzip.on("data", () => {}).on("end", done);
      gzip.end("x");
    },
    message: (done) => {
      const { port1, port2 } = new MessageChannel();
      port2.once("message", () => {
        done();
        port2.close();
      });
      port1.postMessage(1);
    },
    child: (done) => require("node:child_process").execFile("/bin/true", done),
    resource: (done) => new AsyncResource("MINE").runInAsyncScope(done),
    bound: (done) => queueMicrotask(AsyncLocalStorage.bind(done)),
  };
  for (const [name, way] of Object.entries(ways)) {
    kinds.length = 0;
    hook.enable();
    const seen = await new Promise((resolve) => {
      store.run({ name }, () => way(() => resolve(store.getStore()?.name)));
    });
    hook.disable();
    say(`store in ${name}`, seen);
    // Which resources there are, not how many promises: those of `await` are ours, too.
    for (const kind of kinds) if (QUEUED.includes(kind)) queued.add(`${kind} of ${name}`);
    say(
      `resources of ${name}`,
      [...new Set(kinds)]
        .filter((kind) => !QUEUED.includes(kind))
        .sort()
        .join(" "),
    );
  }
  say("queued resources", [...queued].join(", "));
  say(
    "enterWith",
    await new Promise((resolve) =>
      setImmediate(() => {
        store.enterWith("entered");
        fs.readFile(__filename, () => resolve(store.getStore()));
      }),
    ),
  );
  say(
    "exit",
    store.run(1, () => store.exit(() => store.getStore())),
  );
  say(
    "snapshot",
    store.run(2, () => AsyncLocalStorage.snapshot())(() => store.getStore()),
  );
  await server();
}

function server() {
  return new Promise((resolve) => {
    const { add, text } = events();
    const listener = http.createServer((request, response) => {
      store.run(request.url, () => {
        request.on("data", () => add(`data ${store.getStore()}`));
        request.on("end", () => {
          add(`end ${store.getStore()}`);
          setImmediate(() => {
            add(`immediate ${store.getStore()}`);
            response.end(`answer ${store.getStore()}`);
          });
        });
      });
      response.on("finish", () => add(`finish ${store.getStore()}`));
    });
    listener.listen(0, "127.0.0.1", () => {
      const request = http.request(
        { port: listener.address().port, host: "127.0.0.1", method: "POST", path: "/a", agent: false },
        (response) => {
          response.setEncoding("utf8").on("data", (chunk) => add(`answered ${chunk} ${store.getStore()}`));
          response.on("end", () =>
            listener.close(() => {
              say("server", text());
              resolve();
            }),
          );
        },
      );
      request.end("body");
    });
  });
}
run();
