// Load: the entry of its process: sends requests until its time is up, it is told to stop, or its
// parent is gone.

import autocannon from "autocannon";
import type { LoadMessage, LoadOptions } from "./loadMessages.ts";
import { driveReconnecting, type Running } from "./reconnecting.ts";

function say(message: LoadMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function drive(options: LoadOptions): void {
  const running = options.reconnects === true ? driveReconnecting(options, tell) : driveKeeping(options);
  say({ type: "started" });
  process.on("message", () => running.stop());
  process.on("disconnect", () => running.stop());
  // The terminal's Ctrl-C reaches us too; our parent says when to end.
  process.on("SIGINT", () => undefined);
}

function tell(message: LoadMessage): void {
  say(message);
  if (message.type === "result") process.disconnect?.();
}

function driveKeeping({ url, connections, durationSeconds, method, ratePerSecond }: LoadOptions): Running {
  const rate = ratePerSecond === null ? {} : { overallRate: ratePerSecond };
  const options = { url, connections, duration: durationSeconds, method, timeout: 10, ...rate };
  const running = autocannon(options, (error, result) => {
    if (error !== null) say({ type: "failure", reason: error.message });
    else {
      say({
        type: "result",
        answered: result.requests.total,
        errors: result.errors,
        timeouts: result.timeouts,
        non2xx: result.non2xx,
        requestsPerSecond: result.requests.average,
        p50Ms: result.latency.p50,
        p99Ms: result.latency.p99,
      });
    }
    process.disconnect?.();
  });
  running.on("tick", ({ counter }) => say({ type: "progress", answered: counter }));
  return running;
}

try {
  drive(JSON.parse(process.argv[2] ?? "") as LoadOptions);
} catch (error) {
  say({ type: "failure", reason: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
}
