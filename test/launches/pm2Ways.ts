// Launches: servers under pm2: started by `darcy record`, or joining `darcy attach`.

import { files, type Way } from "./ways.ts";

/** Of a server that pm2 has started: what is typed. The `command` hands it the variables of `darcy attach`. */
export interface Attached extends Way {
  readonly start: readonly string[];
  /** It hands them on too late: what Darcy has to say. */
  readonly unheard?: RegExp;
  /** Takes them away again. */
  readonly leave: {
    readonly words: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  };
}

export function isAttached(way: Way): way is Attached {
  return "start" in way;
}

const pm2 = { project: "pm2", packages: ["pm2@7"], files, workers: 2, seconds: 6 } as const;
const SINGLE = ["start", "server.cjs", "--name", "shop"];
const CLUSTER = [...SINGLE, "-i", "2"];
const RESTART = ["restart", "shop", "--update-env"];
const CLEARED = { NODE_OPTIONS: "", DARCY_SESSION: "" };

export const MANAGED: readonly Way[] = [
  { ...pm2, name: "pm2-runtime", command: ["pm2-runtime", "server.cjs"] },
  { ...pm2, name: "pm2-runtime, cluster mode", command: ["pm2-runtime", "server.cjs", "-i", "2"] },
];

export const ATTACHED: readonly Attached[] = [
  {
    ...pm2,
    name: "attach: pm2, fork mode",
    start: SINGLE,
    command: RESTART,
    leave: { words: RESTART, environment: CLEARED },
  },
  {
    ...pm2,
    name: "attach: pm2, cluster mode",
    start: CLUSTER,
    command: ["update"],
    leave: { words: ["update"] },
  },
  {
    ...pm2,
    name: "attach: pm2, cluster mode, too late",
    start: CLUSTER,
    command: RESTART,
    unheard: /pm2 runs `.*server\.cjs` \(process \d+\) in cluster mode/,
    leave: { words: RESTART, environment: CLEARED },
  },
];
