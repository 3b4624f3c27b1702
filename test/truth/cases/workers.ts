// Truth suite: what has to be right of servers on several workers.

import type { Report } from "../../../src/protocol/report.ts";

/** Standard deviation over mean of the workers' requests; taking turns at one handle shares out less evenly. */
const LARGEST_IMBALANCE = { reuse: 0.8, handle: 1, threads: 0.8, rr: 0.2, single: 0 } as const;

export const twoWorkers = { workers: 2, connections: 20, check: checkTwo } as const;

/** Each listens and serves, and their requests are the server's. */
function checkTwo({ workers, requests, topology, balance }: Report): string[] {
  const peers = workers.filter(({ role }) => role === "peer");
  const served = peers.reduce((sum, worker) => sum + worker.requests, 0);
  const complaints: string[] = [];
  if (topology === "single") complaints.push("one worker instead of two");
  if (peers.length !== 2) complaints.push(`${peers.length} peers instead of 2`);
  if (served !== requests.total) complaints.push(`peers served ${served} of ${requests.total} requests`);
  if (peers.some((worker) => worker.requests === 0)) complaints.push("a worker served nothing");
  if (balance === null || balance > LARGEST_IMBALANCE[topology])
    complaints.push(`imbalance ${balance?.toFixed(2)} by ${topology}`);
  return complaints;
}
