// Truth suite: cases of switches: pool jobs, messages, processes.

import { CALM, FULL, server, type TruthCase } from "./truthCase.ts";

export const SWITCHES: readonly TruthCase[] = [
  { name: "thread pool", ...CALM, quick: [20, 26], ...server("pool", "server.cjs") },
  { name: "thread pool, full load", ...FULL, ...server("pool", "server.cjs") },
  {
    name: "messages",
    ...CALM,
    ...server("messages", "server.cjs", ["thread.cjs", "child.cjs"]),
  },
];
