// Fidelity: inspector sessions of the program's own: evaluation, coverage, CPU profile, heap sampling, console, scripts.
const inspector = require("node:inspector");
const { promisify } = require("node:util");
const { say } = require("./say.cjs");

const session = new inspector.Session();
session.connect();
const post = promisify(session.post.bind(session));

function covered(flag) {
  return flag ? "yes" : "no";
}
async function run() {
  say("url", [inspector.url(), typeof inspector.waitForDebugger]);
  say("evaluate", (await post("Runtime.evaluate", { expression: "1 + 1" })).result);
  say("unknown", await post("Nope.nope").catch((error) => [error.name, error.code, error.message]));
  await post("Runtime.enable");
  const told = new Promise((resolve) =>
    session.once("Runtime.consoleAPICalled", ({ params }) => resolve(params)),
  );
  console.log("output: to the console");
  say("console", (await told).args);
  await post("Profiler.enable");
  await post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  covered(true);
  covered(false);
  covered(true);
  const { result } = await post("Profiler.takePreciseCoverage");
  const own = result.find(({ url }) => url.endsWith("inspector.cjs"));
  say(
    "coverage",
    own.functions
      .filter(({ functionName }) => functionName === "covered")
      .map(({ ranges }) => ranges.map(({ count }) => count)),
  );
  say(
    "scripts covered",
    result
      .filter(({ url }) => url.includes("programs/"))
      .map(({ url }) => url.split("/").at(-1))
      .sort(),
  );
  await post("Profiler.stopPreciseCoverage");
  await post("Profiler.start");
  for (let end = Date.now() + 30; Date.now() < end; ) JSON.parse(JSON.stringify({ a: [1, 2, 3] }));
  const { profile } = await post("Profiler.stop");
  say("profile", [
    Object.keys(profile).sort(),
    profile.nodes.some(({ callFrame }) => callFrame.functionName === "run"),
  ]);
  await post("HeapProfiler.enable");
  await post("HeapProfiler.startSampling", { samplingInterval: 1024 });
  globalThis.kept = Array.from({ length: 50_000 }, (_, index) => ({ index }));
  const { profile: heap } = await post("HeapProfiler.stopSampling");
  const sum = (node) => node.selfSize + node.children.reduce((total, child) => total + sum(child), 0);
  say("heap", [Object.keys(heap).sort(), sum(heap.head) > 1_000_000]);
  await post("Debugger.enable");
  await post("Debugger.setPauseOnExceptions", { state: "none" });
  session.once("Debugger.paused", ({ params }) => {
    say("paused", [params.reason, params.callFrames.slice(0, 2).map(({ functionName }) => functionName)]);
    session.post("Debugger.resume");
  });
  (function pausing() {
    debugger;
  })();
  session.disconnect();
  say(
    "after disconnecting",
    await new Promise((resolve) => {
      try {
        session.post("Runtime.evaluate", { expression: "1" }, (error) => resolve(error?.code));
      } catch (error) {
        resolve(error.code);
      }
    }),
  );
  const again = new inspector.Session();
  again.connect();
  again.disconnect();
  say(
    "opened",
    (() => {
      inspector.open(0, "127.0.0.1");
      const open = typeof inspector.url();
      inspector.close();
      return [open, inspector.url()];
    })(),
  );
}
run();
