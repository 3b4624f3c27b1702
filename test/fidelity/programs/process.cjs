// Fidelity: the process as the program sees it: listeners, handles, environment, arguments, modules, and when it is idle.
const { say, outcome } = require("./say.cjs");

for (const event of [
  "exit",
  "beforeExit",
  "uncaughtException",
  "unhandledRejection",
  "warning",
  "SIGTERM",
  "SIGINT",
  "SIGUSR1",
  "message",
  "disconnect",
  "newListener",
  "rejectionHandled",
  "multipleResolves",
  "uncaughtExceptionMonitor",
  "worker",
])
  say(`listeners of ${event}`, process.listenerCount(event));
say(
  "event names",
  process
    .eventNames()
    .map(String)
    .filter((name) => name !== "exit"),
);
say(
  "handles",
  process
    ._getActiveHandles()
    .map((handle) => handle.constructor.name)
    .sort(),
);
say("requests", process._getActiveRequests().length);
say("resources", process.getActiveResourcesInfo().sort());
say("arguments", [process.argv.length, process.argv0, process.execArgv, process.title]);
say(
  "environment",
  Object.keys(process.env)
    .filter((key) => !["DARCY_SESSION", "NODE_OPTIONS"].includes(key))
    .sort()
    .join(" "),
);
say(
  "our environment",
  Object.keys(process.env).filter((key) => ["DARCY_SESSION", "NODE_OPTIONS"].includes(key)),
);
say("main", [
  require.main === module,
  module.children.map((child) => child.id),
  module.paths.length,
  module.parent,
  require.main.filename === __filename,
]);
say(
  "cache",
  Object.keys(require.cache).map((file) => file.split("/").at(-1)),
);
say("globals", Object.keys(globalThis));
say("symbols of globalThis", Object.getOwnPropertySymbols(globalThis).map(String));
say("umask and so on", [
  process.umask(),
  process.exitCode,
  process.connected,
  process.channel,
  process.debugPort,
  process.hasUncaughtExceptionCaptureCallback(),
  process.sourceMapsEnabled,
]);
say("features", [process.features, process.allowedNodeEnvironmentFlags.size]);
say(
  "own keys",
  Reflect.ownKeys(process)
    .map(String)
    .filter((key) => !key.startsWith("_"))
    .sort()
    .join(" "),
);
say(
  "report",
  outcome(() => Object.keys(process.report.getReport()).sort()),
);
say(
  "libuv handles",
  process.report
    .getReport()
    .libuv.filter(({ is_active, is_referenced }) => is_active && is_referenced)
    .map(({ type }) => type),
);
say(
  "capture callback",
  outcome(() => {
    process.setUncaughtExceptionCaptureCallback((error) => say("captured", error.message));
    process.setUncaughtExceptionCaptureCallback(null);
    return "set";
  }),
);
say(
  "channels",
  outcome(() => {
    const { hasSubscribers } = require("node:diagnostics_channel");
    return ["mine", "http.client.request.start", "undici:request:create", "net.client.socket"].map((name) =>
      hasSubscribers(name),
    );
  }),
);
say(
  "channels of http servers",
  outcome(() => {
    const { hasSubscribers } = require("node:diagnostics_channel");
    return ["http.server.request.start", "http.server.response.finish"].map((name) => hasSubscribers(name));
  }),
);
say(
  "performance observers",
  outcome(() => performance.getEntries().length),
);
const unref = setInterval(() => {}, 1000).unref();
say("timer", [unref.hasRef(), typeof unref[Symbol.toPrimitive](), Object.keys(unref)]);
setTimeout(() => {
  say(
    "handles later",
    process
      ._getActiveHandles()
      .map((handle) => handle.constructor.name)
      .sort(),
  );
  say("resources later", process.getActiveResourcesInfo().sort());
}, 60);
process.on("exit", () => say("at the exit", process.getActiveResourcesInfo()));
