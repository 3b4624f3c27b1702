// Fidelity: stacks as the program sees them: of errors that patched functions throw, of callbacks that they call, by
// hooks of its own.
const fs = require("node:fs");
const zlib = require("node:zlib");
const { say } = require("./say.cjs");

const stackOf = (action) => {
  try {
    action();
    return "no error";
  } catch (error) {
    return String(error.stack);
  }
};
say(
  "JSON.parse",
  stackOf(() => JSON.parse("{oops")),
);
say(
  "Buffer.alloc",
  stackOf(() => Buffer.alloc(-1)),
);
say(
  "Buffer.from",
  stackOf(() => Buffer.from(5)),
);
say(
  "fs.readFileSync",
  stackOf(() => fs.readFileSync("/no/such/file")),
);
say(
  "structuredClone",
  stackOf(() => structuredClone(() => {})),
);
say(
  "zlib.gunzipSync",
  stackOf(() => zlib.gunzipSync("nope")),
);
say(
  "toJSON",
  stackOf(() =>
    JSON.stringify({
      toJSON() {
        throw new Error("mine");
      },
    }),
  ),
);
say(
  "map",
  stackOf(() =>
    new Uint8Array(1).map(() => {
      throw new Error("mine");
    }),
  ),
);
say(
  "unpatched",
  stackOf(() => {
    throw new Error("mine");
  }),
);
say(
  "nested",
  stackOf(() => [1].forEach(() => null.x)),
);

// The program's own view of call sites.
const { prepareStackTrace, stackTraceLimit } = Error;
Error.prepareStackTrace = (error, sites) =>
  `${error.message}: ${sites
    .map((site) => `${site.getFunctionName()}@${site.getFileName()}`)
    .slice(0, 3)
    .join(", ")}`;
say(
  "own prepareStackTrace",
  stackOf(function mine() {
    throw new Error("own");
  }),
);
say(
  "own prepareStackTrace of JSON.parse",
  stackOf(function mine() {
    JSON.parse("{");
  }),
);
Error.prepareStackTrace = prepareStackTrace;
Error.stackTraceLimit = 1;
say(
  "limit 1",
  stackOf(() => {
    throw new Error("one line");
  }),
);
say(
  "limit 1 of JSON.parse",
  stackOf(() => JSON.parse("{")),
);
Error.stackTraceLimit = 0;
say(
  "limit 0",
  stackOf(() => JSON.parse("{")),
);
Error.stackTraceLimit = stackTraceLimit;
for (let turn = 0; turn < 50; turn++) Buffer.from("so that stacks are taken").toString();
say("prepareStackTrace stays", [Error.prepareStackTrace === prepareStackTrace, Error.stackTraceLimit]);
say("Error's keys", Reflect.ownKeys(Error).map(String).join(" "));
say("prepareStackTrace's descriptor", Object.getOwnPropertyDescriptor(Error, "prepareStackTrace"));
say("stackTraceLimit's descriptor", Object.getOwnPropertyDescriptor(Error, "stackTraceLimit"));

const holder = {};
Error.captureStackTrace(holder, stackOf);
say("captureStackTrace", holder.stack.split("\n").length > 1);

// A frozen limit, an accessor that tells who reads it.
let reads = 0;
Object.defineProperty(Error, "stackTraceLimit", {
  configurable: true,
  get() {
    reads++;
    return 10;
  },
  set() {},
});
for (let turn = 0; turn < 50; turn++) Buffer.from("so that stacks are taken").toString();
say("reads of stackTraceLimit", reads);
Object.defineProperty(Error, "stackTraceLimit", {
  value: stackTraceLimit,
  writable: true,
  enumerable: true,
  configurable: true,
});

fs.readFile("/no/such/file", (error) => {
  say("of a callback's error", error.stack);
  say("in a callback", new Error("here").stack);
  fs.promises.readFile("/no/such/file").catch((rejected) => {
    say("of a rejection", rejected.stack);
    (async function outer() {
      await (async function inner() {
        await fs.promises.stat("/no/such/file");
      })();
    })().catch((later) => {
      say("async frames", later.stack);
      process.nextTick(() => say("in a tick", new Error("here").stack));
      setImmediate(() => say("in an immediate", new Error("here").stack));
    });
  });
});
