// Fidelity: in which order ticks, promises, timers, immediates, messages and what streams tell come.
const fs = require("node:fs");
const { PassThrough, Readable, Transform, pipeline } = require("node:stream");
const zlib = require("node:zlib");
const { say, events } = require("./say.cjs");

function queues(next) {
  const { add, text } = events();
  // A timer beside an immediate: which is first is the clock's affair.
  setImmediate(() => {
    process.nextTick(add, "tick in immediate");
    Promise.resolve().then(() => add("promise in immediate"));
    setTimeout(() => {
      add("timeout");
      process.nextTick(add, "tick in timeout");
      Promise.resolve().then(() => add("promise in timeout"));
      queueMicrotask(() => add("microtask in timeout"));
      setImmediate(() => {
        add("immediate in timeout");
        say("queues", text());
        next();
      });
    }, 1);
  });
  process.nextTick(() => {
    add("tick");
    process.nextTick(add, "tick in tick");
    Promise.resolve().then(() => add("promise in tick"));
  });
  Promise.resolve()
    .then(() => add("promise"))
    .then(() => add("promise 2"))
    .then(() => add("promise 3"));
  (async () => {
    await null;
    add("await");
    await new Promise((resolve) => process.nextTick(resolve));
    add("await of a tick");
  })();
  queueMicrotask(() => add("microtask"));
  structuredClone({ a: 1 });
  JSON.parse(JSON.stringify({ a: [1, 2, 3] }));
  Buffer.concat([Buffer.from("a"), Buffer.alloc(1000)]);
  add("synchronous end");
}

/** How many turns of promises an awaited call takes: a stand-in must add none. */
async function turns(next) {
  const calls = {
    "fs.promises.readFile": () => fs.promises.readFile("/no/such/file"),
    "fs.promises.stat": () => fs.promises.stat(__filename),
    "Blob.text": () => new Blob(["text"]).text(),
    "Response.text": () => new Response("text").text(),
    "Response.json": () => new Response("{}").json(),
    "Response.arrayBuffer": () => new Response("text").arrayBuffer(),
    "subtle.digest": () => crypto.subtle.digest("SHA-256", new Uint8Array(8)),
    "fs.promises.readFile of a handle": async () => {
      const handle = await fs.promises.open(__filename);
      await handle.readFile();
      await handle.close();
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    const { add, text } = events();
    let promise;
    try {
      promise = call();
    } catch (error) {
      say(`${name} throws`, error.message);
      continue;
    }
    promise.then(
      () => add("settled"),
      () => add("settled"),
    );
    // Settled before or after that many turns of those that settle within one run of the queue.
    let chain = Promise.resolve();
    for (let turn = 0; turn < 12; turn++) chain = chain.then(() => add(turn));
    await promise.catch(() => {});
    await chain;
    say(`turns of ${name}`, text());
  }
  next();
}

function streams(next) {
  const { add, text } = events();
  const source = Readable.from([Buffer.from("one"), Buffer.from("two"), Buffer.from("three")], {
    objectMode: false,
  });
  const upper = new Transform({
    transform(chunk, _encoding, done) {
      add(`transform ${chunk}`);
      done(null, String(chunk).toUpperCase());
    },
    flush(done) {
      add("flush");
      done();
    },
  });
  const sink = new PassThrough();
  for (const [name, stream] of Object.entries({ source, upper, sink }))
    for (const event of ["end", "finish", "close", "pipe", "unpipe", "drain", "prefinish"])
      stream.on(event, () => add(`${name} ${event}`));
  sink.on("data", (chunk) => add(`data ${chunk}`));
  sink.on("close", () => {
    say("streams", text());
    next();
  });
  source.pipe(upper).pipe(sink);
  add("piped");
  process.nextTick(add, "tick after pipe");
}

function files(next) {
  const { add, text } = events();
  const stream = fs.createReadStream(__filename, { highWaterMark: 512, end: 2047 });
  for (const event of ["open", "ready", "end", "close", "readable", "pause", "resume"])
    stream.on(event, () => add(event));
  stream.removeAllListeners("readable");
  stream.on("data", (chunk) => add(chunk.length));
  stream.on("close", () => {
    say("file stream", text());
    next();
  });
}

function compressed(next) {
  const { add, text } = events();
  const zip = zlib.createGzip();
  const unzip = zlib.createGunzip();
  for (const [name, stream] of Object.entries({ zip, unzip }))
    for (const event of ["end", "finish", "close", "prefinish"])
      stream.on(event, () => add(`${name} ${event}`));
  unzip.on("data", (chunk) => add(`data ${chunk.length}`));
  pipeline(fs.createReadStream(__filename), zip, unzip, (error) => {
    add(`pipeline ${error?.code}`);
    setImmediate(() => {
      say("zlib streams", text());
      next();
    });
  });
}

function reads(next) {
  const { add, text } = events();
  const readable = new Readable({ read() {} });
  readable.setEncoding("utf8");
  readable.on("readable", () => {
    add("readable");
    for (let chunk = readable.read(2); chunk !== null; chunk = readable.read(2)) add(chunk);
  });
  readable.on("end", () => add("end"));
  readable.on("close", () => {
    say("reads", text());
    next();
  });
  readable.push("abc");
  readable.push(Buffer.from("dé"));
  readable.push(null);
}

function messages(next) {
  const { add, text } = events();
  const { port1, port2 } = new MessageChannel();
  port2.on("message", (message) => {
    add(message);
    if (message !== "last") return;
    port2.close();
  });
  port2.on("close", () => {
    say("messages", text());
    next();
  });
  port1.postMessage("first");
  process.nextTick(add, "tick");
  Promise.resolve().then(() => add("promise"));
  port1.postMessage("last");
}

function emitter(next) {
  const { add, text } = events();
  const file = `${process.env.SCRATCH}/written`;
  fs.writeFile(file, "text", () => {
    add("written");
    process.nextTick(add, "tick in callback");
    Promise.resolve().then(() => add("promise in callback"));
    setImmediate(() => add("immediate in callback"));
    fs.readFile(file, "utf8", (error, content) => {
      add(`read ${error} ${content}`);
      fs.readFile("/no/such/file", "utf8", (missing, ...rest) => {
        add(`${missing.code} ${rest.length}`);
        say("callbacks", text());
        next();
      });
    });
  });
  add("asked");
}

const parts = [queues, turns, streams, files, compressed, reads, messages, emitter];
(function run() {
  parts.shift()?.(run);
})();
