// Load: each request on a connection of its own, as clients send them that come and go. autocannon keeps its connections (and
// does not count the request after which its `reconnectRate` lets one go).

import http from "node:http";
import https from "node:https";
import { BUCKET_COUNT, bucketMicros, bucketOf } from "../../protocol/latencyBuckets.ts";
import type { LoadMessage, LoadOptions } from "./loadMessages.ts";

const TIMEOUT_MILLIS = 10_000;

export interface Running {
  /** What there is by then is told. */
  stop(): void;
}

/** @param say told once a second what was answered in it, and the result at the end */
export function driveReconnecting(options: LoadOptions, say: (message: LoadMessage) => void): Running {
  const { connections, durationSeconds, ratePerSecond } = options;
  const figures = { answered: 0, errors: 0, timeouts: 0, non2xx: 0 };
  const latencies = new Array<number>(BUCKET_COUNT).fill(0);
  const began = performance.now();
  const ends = began + durationSeconds * 1_000;
  let stopped = false;
  let sent = 0;
  let told = 0;
  const isOver = () => stopped || performance.now() >= ends;
  const client = async () => {
    while (!isOver()) {
      if (ratePerSecond !== null) await turn(began + (sent++ * 1_000) / ratePerSecond, isOver);
      if (isOver()) return;
      const sentAt = performance.now();
      const status = await answerTo(options);
      if (status === "timeout") figures.timeouts++;
      if (typeof status !== "number") {
        figures.errors++;
        continue;
      }
      figures.answered++;
      if (status < 200 || status > 299) figures.non2xx++;
      const bucket = bucketOf((performance.now() - sentAt) * 1_000);
      latencies[bucket] = (latencies[bucket] ?? 0) + 1;
    }
  };
  const ticks = setInterval(() => {
    say({ type: "progress", answered: figures.answered - told });
    told = figures.answered;
  }, 1_000);
  void Promise.all(Array.from({ length: connections }, client)).then(() => {
    clearInterval(ticks);
    say({
      type: "result",
      ...figures,
      requestsPerSecond: (figures.answered * 1_000) / (performance.now() - began),
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
    });
  });
  return {
    stop: () => {
      stopped = true;
    },
  };
}

/** Until it is time, or over, which is looked at ten times a second. */
async function turn(due: number, isOver: () => boolean): Promise<void> {
  for (let left = due - performance.now(); left > 0 && !isOver(); left = due - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 100)));
}

/** The status, once the whole answer has come and the connection is closed. */
function answerTo({ url, method }: LoadOptions): Promise<number | "error" | "timeout"> {
  return new Promise((resolve) => {
    const { request } = url.startsWith("https:") ? https : http;
    // As autocannon does: whom the certificate names is not the question.
    const options = { method, agent: false, timeout: TIMEOUT_MILLIS, rejectUnauthorized: false } as const;
    let status: number | "error" | "timeout" = "error";
    const sent = request(url, options, (response) => {
      response.resume();
      response.on("end", () => {
        status = response.statusCode ?? "error";
      });
      response.on("error", () => undefined);
    });
    sent.on("timeout", () => {
      status = "timeout";
      sent.destroy();
    });
    sent.on("error", () => resolve(status));
    sent.on("close", () => resolve(status));
    sent.end();
  });
}

function percentile(latencies: readonly number[], share: number): number {
  let left = share * latencies.reduce((sum, count) => sum + count, 0);
  if (left === 0) return 0;
  const bucket = latencies.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return bucketMicros(bucket) / 1_000;
}
