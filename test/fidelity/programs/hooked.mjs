// Fidelity: what a program that has hooks for modules sees of its own files, also in a thread.

import { isMainThread, Worker } from "node:worker_threads";
import imported from "./imported.cjs";
import say from "./say.cjs";

say.say("imported", imported);
say.say("required", imported.again());
say.say(
  "virtual",
  await import("virtual:five").then(
    (five) => five.default,
    (error) => error.code,
  ),
);
say.say("built in", [
  typeof (await import("node:zlib")).gzipSync,
  typeof (await import("node:crypto")).createHash,
]);
if (isMainThread) await new Promise((resolve) => new Worker(new URL(import.meta.url)).once("exit", resolve));
