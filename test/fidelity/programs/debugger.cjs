// Fidelity: a debugger that attaches over the protocol: start, scripts, breakpoint, frames, evaluation, steps, exceptions.
const { spawn } = require("node:child_process");
const { join } = require("node:path");
const { say } = require("./say.cjs");

const file = join(__dirname, "debuggee.cjs");
const child = spawn(process.execPath, ["--inspect-brk=127.0.0.1:0", file], {
  stdio: ["ignore", "ignore", "pipe"],
});
let told = "";
child.stderr.on("data", (chunk) => {
  told += chunk;
  const url = /ws:\/\/\S+/.exec(told)?.[0];
  if (url !== undefined && !child.attached) {
    child.attached = true;
    attach(url);
  }
});
child.on("exit", (code, signal) => say("debuggee ends", [code, signal]));

function attach(url) {
  const socket = new WebSocket(url);
  const answers = new Map();
  const paused = [];
  let waiting = null;
  let number = 0;
  const scripts = new Map();
  const post = (method, params = {}) =>
    new Promise((resolve) => {
      answers.set(++number, resolve);
      socket.send(JSON.stringify({ id: number, method, params }));
    });
  const pause = () =>
    paused.length > 0
      ? Promise.resolve(paused.shift())
      : new Promise((resolve) => {
          waiting = resolve;
        });
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(data);
    if (id !== undefined) return answers.get(id)(result ?? error);
    if (method === "Debugger.scriptParsed") scripts.set(params.scriptId, params.url);
    if (method === "Runtime.executionContextDestroyed") socket.close();
    if (method !== "Debugger.paused") return;
    if (waiting === null) paused.push(params);
    else waiting(params);
    waiting = null;
  };
  const urlOf = ({ location }) => scripts.get(location.scriptId) ?? "";
  const shown = ({ callFrames, reason }) => [
    reason,
    callFrames
      .map((frame) => `${frame.functionName} ${urlOf(frame).split("/").at(-1)}:${frame.location.lineNumber}`)
      .filter((frame) => frame.includes("debuggee")),
  ];
  socket.onopen = async () => {
    await post("Runtime.enable");
    await post("Debugger.enable");
    await post("Debugger.setPauseOnExceptions", { state: "all" });
    const first = pause();
    await post("Runtime.runIfWaitingForDebugger");
    say("at the start", shown(await first));
    const { locations } = await post("Debugger.setBreakpointByUrl", {
      lineNumber: 3,
      urlRegex: "debuggee\\.cjs$",
    });
    say(
      "breakpoint",
      locations.map(({ lineNumber }) => lineNumber),
    );
    const hit = pause();
    await post("Debugger.resume");
    const at = await hit;
    say("at the breakpoint", shown(at));
    const { result } = await post("Debugger.evaluateOnCallFrame", {
      callFrameId: at.callFrames[0].callFrameId,
      expression: "JSON.stringify(JSON.parse(text)) + before",
    });
    say("evaluated", result.value);
    say("async parents", typeof at.asyncStackTrace);
    const into = pause();
    await post("Debugger.stepInto");
    const inside = await into;
    say("a step into a patched function", urlOf(inside.callFrames[0]).split("/").at(-1));
    // One that pauses at caught exceptions pauses at everybody's.
    let exception;
    do {
      const thrown = pause();
      await post("Debugger.resume");
      exception = await thrown;
    } while (!exception.callFrames.some((frame) => urlOf(frame).includes("debuggee")));
    say("at the exception", shown(exception));
    say("thrown at", urlOf(exception.callFrames[0]).split("/").at(-1));
    say("exception", exception.data?.className);
    say(
      "scripts of the program",
      [...scripts.values()]
        .filter((script) => script.startsWith("file:") && !script.includes("preload"))
        .map((script) => script.split("/").at(-1)),
    );
    post("Debugger.resume");
  };
}
