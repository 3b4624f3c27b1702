// Fidelity: programs that freeze, replace, wrap, mock and delete what is patched.
const fs = require("node:fs");
const { mock } = require("node:test");
const { say, outcome } = require("./say.cjs");

const readFileSync = fs.readFileSync;
fs.readFileSync = function mine(...args) {
  return `mine ${readFileSync.apply(this, args).length > 0}`;
};
say("replaced", fs.readFileSync(__filename));
fs.readFileSync = readFileSync;
say("put back", fs.readFileSync === readFileSync);

const spy = mock.method(JSON, "parse");
JSON.parse("[1]");
say("mocked", [spy.mock.calls.length, spy.mock.calls[0].arguments, spy.mock.calls[0].result]);
mock.restoreAll();
say("after the mock", [JSON.parse("[2]"), Object.getOwnPropertyDescriptor(JSON, "parse").enumerable]);

mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
const fired = [];
setTimeout(() => fired.push("timeout"), 1000);
setInterval(() => fired.push("interval"), 400);
setImmediate(() => fired.push("immediate"));
mock.timers.tick(1000);
say("fake timers", [fired, Date.now()]);
mock.timers.reset();

say(
  "deleted",
  outcome(() => {
    const { concat } = Buffer;
    delete Buffer.concat;
    const gone = Buffer.concat;
    Buffer.concat = concat;
    return [gone, Buffer.concat([Buffer.from("x")])];
  }),
);
say(
  "a getter in its place",
  outcome(() => {
    const { stringify } = JSON;
    Object.defineProperty(JSON, "stringify", { configurable: true, get: () => () => "got" });
    const told = JSON.stringify({});
    Object.defineProperty(JSON, "stringify", { value: stringify, configurable: true, writable: true });
    return told;
  }),
);
say(
  "inherited",
  outcome(() => {
    const copy = Object.create(fs);
    copy.readFileSync = () => "copy";
    return [copy.readFileSync(), copy.existsSync("/"), { ...fs }.existsSync("/")];
  }),
);
Object.freeze(JSON);
Object.freeze(Buffer);
Object.freeze(Buffer.prototype);
Object.freeze(Atomics);
Object.freeze(fs);
Object.freeze(Uint8Array.prototype);
Object.freeze(Object.getPrototypeOf(Uint8Array.prototype));
say("frozen", [
  JSON.parse("{}"),
  Buffer.from("x").toString("hex"),
  fs.existsSync("/"),
  new Uint8Array([1]).slice(),
]);
Object.freeze(globalThis.Error);
say("frozen Error", [outcome(() => JSON.parse("{")), Buffer.concat([Buffer.from("a"), Buffer.from("b")])]);
setTimeout(() => say("later", Buffer.from("still").toString()), 60);
