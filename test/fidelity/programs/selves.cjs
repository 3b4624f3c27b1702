// Fidelity programs: what a patched function is called on, and its arguments kept to what neither asks the network nor lasts
// nor ends the process: native functions abort at what Node's own never hand to them.
const childProcess = require("node:child_process");
const crypto = require("node:crypto");
const http = require("node:http");
const { Session } = require("node:inspector");
const net = require("node:net");
const { Duplex, Readable } = require("node:stream");
const { StringDecoder } = require("node:string_decoder");
const threads = require("node:worker_threads");
const { accepted } = require("./reachable.cjs");

const KEY = Buffer.alloc(16, 1);
/** One for all: a thread that waits for messages and answers none. */
let worker;

/** By the end of a path: made anew for each call. */
const SELVES = [
  [/Buffer\.prototype|TypedArray\.prototype|Uint8Array\.prototype/, () => Buffer.from("some text, äöü")],
  [/SharedArrayBuffer\.prototype/, () => new SharedArrayBuffer(16)],
  [/ArrayBuffer\.prototype/, () => new ArrayBuffer(16)],
  [/TextEncoder\.prototype/, () => new TextEncoder()],
  [/TextDecoder\.prototype/, () => new TextDecoder()],
  [/StringDecoder\.prototype/, () => new StringDecoder("utf8")],
  [/Blob\.prototype/, () => new Blob(["text"])],
  [/Hash\.prototype/, () => crypto.createHash("sha1")],
  [/Cipher(?:iv)?\.prototype/, () => crypto.createCipheriv("aes-128-cbc", KEY, KEY)],
  [/Decipher(?:iv)?\.prototype/, () => crypto.createDecipheriv("aes-128-cbc", KEY, KEY)],
  [/Readable\.prototype/, () => Readable.from(["a"])],
  [/SubtleCrypto\.prototype/, () => crypto.webcrypto.subtle],
  [/MessagePort\.prototype/, () => closedSoon(new MessageChannel().port1)],
  [/BroadcastChannel\.prototype/, () => closedSoon(new BroadcastChannel("mine"))],
  [/Worker\.prototype/, () => (worker ??= silentWorker())],
  [/ChildProcess\.prototype/, () => new childProcess.ChildProcess()],
  [/Agent\.prototype/, () => new http.Agent()],
  [/ClientRequest\.prototype/, () => requestWithoutNetwork()],
  [/net\.Server\.prototype/, () => new net.Server()],
  [/Socket\.prototype/, () => new net.Socket()],
  [/^accepted/, () => accepted()],
  [/Session\.prototype/, () => connectedSession()],
  [/DatabaseSync\.prototype/, () => database()],
  [/StatementSync\.prototype/, () => database().prepare("select a, ? as b from t")],
];

function selfOf(path, { holder }) {
  return SELVES.find(([end]) => end.test(path))?.[1]() ?? holder;
}

function closedSoon(port) {
  setImmediate(() => port.close());
  return port;
}

function connectedSession() {
  const session = new Session();
  session.connect();
  setImmediate(() => session.disconnect());
  return session;
}

function silentWorker() {
  const started = new threads.Worker("require('worker_threads').parentPort.on('message', () => {})", {
    eval: true,
  });
  started.unref();
  return started;
}

function requestWithoutNetwork() {
  const request = http.request({
    createConnection: () => new Duplex({ read() {}, write: (_a, _b, done) => done() }),
  });
  return request.on("error", () => {});
}

function database() {
  const { DatabaseSync } = require("node:sqlite");
  const made = new DatabaseSync(":memory:");
  made.exec("create table t (a); insert into t values (1), ('two')");
  return made;
}

/** Names that no server has to be asked for. */
const LOCAL = ["127.0.0.1", "localhost", "::1", ""];
const KINDS = ["hmac", "aes", "ed25519", "x25519", "nope"];
const ALGORITHMS = ["SHA-1", "SHA-256", "HMAC", "AES-CBC", "nope"];
const COMMANDS = ["true", "false", "exit 3", "echo a", "echo b >&2", "no/such", ""];

/** Which words a function is given in place of the usual ones. */
const VOCABULARIES = [
  [/^dns|^net\.Socket/, LOCAL],
  [/\.generateKey/, KINDS],
  [/SubtleCrypto/, ALGORITHMS],
  [/^child_process/, COMMANDS],
];

/** @returns the words for it, or null: the usual ones */
function wordsOf(path) {
  return VOCABULARIES.find(([start]) => start.test(path))?.[1] ?? null;
}

/** @param given arguments by recipe */
function bounded(path, given) {
  if (/Atomics\.wait/.test(path)) return wait(given);
  if (/_transform$/.test(path)) return transformed(given);
  if (/^child_process\.\w+Sync$/.test(path)) return given.map(piped);
  // A promise of one that is given a callback never settles.
  if (/promises\.opendir$/.test(path)) return given.filter((one) => typeof one !== "function");
  return given;
}

/** A cell that can be waited on in place of other bytes, and a millisecond at most. */
function wait([cells, index, value, millis]) {
  const shared = ArrayBuffer.isView(cells) || cells instanceof SharedArrayBuffer;
  return [
    shared ? new Int32Array(new SharedArrayBuffer(64)) : cells,
    index,
    value,
    typeof millis === "number" && millis <= 1 ? millis : 1,
  ];
}

/** As streams call it: bytes or text, an encoding, a callback. */
function transformed([chunk, , callback]) {
  return [
    typeof chunk === "string" || ArrayBuffer.isView(chunk) ? chunk : Buffer.from("chunk"),
    "utf8",
    typeof callback === "function" ? callback : function done() {},
  ];
}

/** Node aborts at what it takes for options with a kind of stdio that there is not. */
function piped(one) {
  const options = typeof one === "object" && one !== null && !Array.isArray(one);
  return options ? { stdio: "pipe" } : one;
}

module.exports = { bounded, requestWithoutNetwork, selfOf, wordsOf };
