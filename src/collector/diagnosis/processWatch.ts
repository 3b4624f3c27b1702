// Collector, diagnosis: looks at the command's processes while no worker listens, so that those that have ended by the time
// somebody asks are known too.

import { SESSION_VARIABLE } from "../../protocol/sessionFile.ts";
import { environmentOf, type Identity, identityOf, type Standing, standings } from "./processTable.ts";

const FIRST_LOOKS = 20;
const FIRST_PAUSE_MS = 100;
const PAUSE_MS = 500;
/** Where the server may come in hours: looks at that pace at first, and then at another. */
const BRISK_LOOKS = 120;
const SLOW_PAUSE_MS = 5_000;
/** A process may still become another program, with another environment, by then. */
const LOOKS_TO_BE_FOREIGN = 3;
const MOST_SEEN = 300;

export interface SeenProcess extends Identity {
  readonly pid: number;
  readonly parentPid: number;
  readonly state: string | null;
  readonly running: boolean;
}

export interface ProcessTable {
  standings(): Promise<Standing[]>;
  identityOf(pid: number): Promise<Identity | null>;
  environmentOf(pid: number): Promise<ReadonlyMap<string, string> | null>;
}

export class ProcessWatch {
  private readonly processes = new Map<number, SeenProcess>();
  private foreign: ReadonlyMap<string, number> = new Map();
  private timer: NodeJS.Timeout | null = null;
  private looks = 0;
  private looking: Promise<void> | null = null;
  private stopped = false;

  /**
   * @param root the command's own process; null where the processes come by the session's file alone
   * @param sessionFile what SESSION_VARIABLE is for them
   */
  constructor(
    private readonly root: number | null,
    private readonly sessionFile: string,
    private readonly table: ProcessTable = { standings, identityOf, environmentOf },
  ) {
    void this.look().then(() => this.plan());
  }

  /** All that were seen, in the order they came, looked at once more, also at those that were not the session's. */
  async read(): Promise<readonly SeenProcess[]> {
    await this.looking;
    this.foreign = new Map();
    await this.look();
    return [...this.processes.values()];
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private plan(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look().then(() => this.plan()), this.pause());
    this.timer.unref();
  }

  private pause(): number {
    if (this.looks < FIRST_LOOKS) return FIRST_PAUSE_MS;
    return this.root === null && this.looks > BRISK_LOOKS ? SLOW_PAUSE_MS : PAUSE_MS;
  }

  private look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    this.looks++;
    const all = await this.table.standings();
    const alive = new Map(all.map((standing) => [standing.pid, standing]));
    for (const [pid, seen] of this.processes) {
      const now = alive.get(pid);
      if (seen.running && (now === undefined || now.state === "Z"))
        this.processes.set(pid, { ...seen, running: false });
    }
    for (const standing of await this.members(all)) await this.see(standing);
  }

  /** Parents before children; each either is the root's, or of its group, or has the session in its environment. */
  private async members(all: readonly Standing[]): Promise<Standing[]> {
    const children = groupByParent(all);
    const found = new Map<number, Standing>();
    const add = (standing: Standing) => {
      if (found.has(standing.pid) || standing.pid === process.pid) return;
      found.set(standing.pid, standing);
      for (const child of children.get(standing.pid) ?? []) add(child);
    };
    for (const standing of all) {
      const { pid, group } = standing;
      if (
        pid === this.root ||
        (this.root !== null && group === this.root) ||
        this.processes.get(pid)?.running === true
      )
        add(standing);
    }
    if (this.root === null) for (const standing of await this.ofSession(all, found)) add(standing);
    return [...found.values()];
  }

  private async ofSession(
    all: readonly Standing[],
    known: ReadonlyMap<number, Standing>,
  ): Promise<Standing[]> {
    // Nowhere else can an environment be read.
    if (process.platform !== "linux") return [];
    const times = (standing: Standing) => this.foreign.get(nameOf(standing)) ?? 0;
    const others = all.filter(({ pid }) => !known.has(pid) && pid !== process.pid);
    const ours = await Promise.all(
      others.map(async (standing) => {
        if (times(standing) >= LOOKS_TO_BE_FOREIGN) return false;
        const environment = await this.table.environmentOf(standing.pid);
        return (
          environment !== null &&
          (environment.get(SESSION_VARIABLE) === this.sessionFile ||
            isPm2Worker(environment, this.sessionFile))
        );
      }),
    );
    // Only of those that still run.
    this.foreign = new Map(
      others.flatMap((standing, index) =>
        ours[index] ? [] : [[nameOf(standing), times(standing) + 1] as const],
      ),
    );
    return others.filter((_, index) => ours[index]);
  }

  private async see({ pid, parentPid, state }: Standing): Promise<void> {
    if (state === "Z" || (this.processes.size >= MOST_SEEN && !this.processes.has(pid))) return;
    const identity = await this.table.identityOf(pid);
    if (identity === null) return;
    // A process is its parent's copy until it has become its own program: what it is now replaces what it was. Its
    // parent stays the one that started it, when that one has ended.
    const parent = this.processes.get(pid)?.parentPid ?? parentPid;
    this.processes.set(pid, { pid, parentPid: parent, state, running: true, ...identity });
  }
}

/** In cluster mode pm2's workers start with its daemon's environment; what the server was given they read from this JSON. */
export function isPm2Worker(environment: ReadonlyMap<string, string>, sessionFile: string): boolean {
  return environment.get("pm2_env")?.includes(JSON.stringify(sessionFile)) === true;
}

/** Its id may be another's later. */
function nameOf({ pid, started }: Standing): string {
  return `${pid} ${started}`;
}

function groupByParent(all: readonly Standing[]): Map<number, Standing[]> {
  const groups = new Map<number, Standing[]>();
  for (const standing of all) {
    const group = groups.get(standing.parentPid);
    if (group === undefined) groups.set(standing.parentPid, [standing]);
    else group.push(standing);
  }
  return groups;
}
