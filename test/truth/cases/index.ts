// Truth suite: all cases. Each records a server whose costs are known by construction.

import { ALLOCATIONS } from "./allocations.ts";
import { COPIES } from "./copies.ts";
import { HOSTS } from "./hosts.ts";
import { LOCKS } from "./locks.ts";
import { MIXED } from "./mixed.ts";
import { POOLS } from "./pools.ts";
import { ROUTE_CASES } from "./routes.ts";
import { SWITCHES } from "./switches.ts";
import type { TruthCase } from "./truthCase.ts";
import { TYPESCRIPT } from "./typescript.ts";
import { WAKES } from "./wakes.ts";

export const CASES: readonly TruthCase[] = [
  ...COPIES,
  ...TYPESCRIPT,
  ...ALLOCATIONS,
  ...SWITCHES,
  ...WAKES,
  ...LOCKS,
  ...POOLS,
  ...HOSTS,
  ...ROUTE_CASES,
  ...MIXED,
];
