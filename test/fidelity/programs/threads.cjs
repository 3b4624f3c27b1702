// Fidelity: worker threads, child processes, their messages, environment, locks and shared memory.
const {
  Worker,
  isMainThread,
  parentPort,
  workerData,
  threadId,
  MessageChannel,
  receiveMessageOnPort,
  getEnvironmentData,
  setEnvironmentData,
  BroadcastChannel,
} = require("node:worker_threads");
const { fork, spawn, execFile, exec } = require("node:child_process");
const { once } = require("node:events");
const { say } = require("./say.cjs");

if (!isMainThread) {
  const { shared, port } = workerData;
  const view = new Int32Array(shared);
  Atomics.store(view, 1, Atomics.wait(view, 0, 0) === "ok" ? 1 : 2);
  Atomics.notify(view, 1);
  parentPort.postMessage({
    threadId: threadId > 0,
    argv: process.argv.slice(2),
    env: process.env.MINE,
    data: getEnvironmentData("mine"),
    execArgv: process.execArgv,
    names: process
      .eventNames()
      .map(String)
      .filter((name) => name !== "exit")
      .sort(),
    handles: process.getActiveResourcesInfo().sort(),
  });
  port.postMessage(new Map([["a", new Set([1n])]]));
  port.close();
} else if (process.argv[2] === "child") {
  process.on("message", (message) => {
    process.send({
      echo: message,
      argv: process.argv.slice(2),
      execArgv: process.execArgv,
      connected: process.connected,
      listeners: process.listenerCount("message"),
    });
    process.disconnect();
  });
} else run();

async function run() {
  setEnvironmentData("mine", { a: 1 });
  const shared = new SharedArrayBuffer(8);
  const view = new Int32Array(shared);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(__filename, {
    workerData: { shared, port: port2 },
    transferList: [port2],
    argv: ["a"],
    env: { MINE: "yes" },
    stdout: true,
  });
  const exited = once(worker, "exit");
  const fromPort = once(port1, "message");
  const fromWorker = once(worker, "message");
  await once(worker, "online");
  while (Atomics.notify(view, 0, 1) === 0) await new Promise((resolve) => setImmediate(resolve));

  const [told] = await fromWorker;
  say("worker", told);
  say("wait in the worker", Atomics.load(view, 1));
  say("port", (await fromPort)[0]);
  say("worker exit", await exited);
  const channel = new MessageChannel();
  channel.port1.postMessage("now");
  say("received at once", [receiveMessageOnPort(channel.port2), receiveMessageOnPort(channel.port2)]);
  channel.port1.close();
  const buffer = new ArrayBuffer(8);
  const other = new MessageChannel();
  other.port1.postMessage(buffer, [buffer]);
  say("transferred", [buffer.byteLength, receiveMessageOnPort(other.port2).message.byteLength]);
  other.port1.close();
  const [one, two] = [new BroadcastChannel("mine"), new BroadcastChannel("mine")];
  const heard = new Promise((resolve) => {
    two.onmessage = ({ data }) => resolve(data);
  });
  one.postMessage({ a: 1 });
  say("broadcast", await heard);
  one.close();
  two.close();
  const child = fork(__filename, ["child"]);
  const childExited = once(child, "exit");
  child.send({ hello: [1] });
  say("fork", (await once(child, "message"))[0]);
  say("fork exit", await childExited);
  say("fork own keys", Object.keys(child).sort().join(" "));
  say(
    "exec",
    await new Promise((resolve) =>
      exec("echo out; echo err >&2; exit 3", (error, stdout, stderr) =>
        resolve([error.code, stdout, stderr]),
      ),
    ),
  );
  say(
    "execFile missing",
    await new Promise((resolve) => execFile("/no/such", (error) => resolve([error.code, error.syscall]))),
  );
  const piped = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
  piped.stdin.end("through a pipe");
  say("spawn", String((await once(piped.stdout, "data"))[0]));
  const { locks } = globalThis.navigator ?? {};
  if (locks === undefined) return;
  const order = [];
  await Promise.all([
    locks.request("a", async (lock) => {
      order.push([lock.name, lock.mode]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push("first done");
    }),
    locks.request("a", { mode: "shared" }, (lock) => order.push([lock.name, lock.mode])),
    locks.request("a", { ifAvailable: true }, (lock) => order.push(lock)),
    locks
      .request("b", { signal: AbortSignal.abort("stopped") }, () => {})
      .catch((error) => order.push(String(error))),
  ]);
  say("locks", [order, await locks.query()]);
}
