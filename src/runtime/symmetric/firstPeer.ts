// Runtime, symmetric: peer 0, the process that the user started. Listens as the user's code wants it, keeps the
// list of real addresses, and starts the peers once a server has been listening for a moment (port finders open
// and close servers too).

import type { ActiveTopology } from "../../protocol/sessionFile.ts";
import { isDevelopmentServer } from "./developmentServer.ts";
import { CLAIM_AGAIN_MILLIS, FirstPeerClaim } from "./firstPeerClaim.ts";
import { FirstPeerNotices } from "./firstPeerNotices.ts";
import { type GivenState, givenState, type Live, portsOf } from "./givenState.ts";
import { type Delayed, HeldPorts } from "./heldPorts.ts";
import type { SymmetricContext } from "./install.ts";
import type { Role } from "./listenHook.ts";
import type { Entry, Wanted } from "./messages.ts";
import { OrphanGuard } from "./orphanGuard.ts";
import { PeerPool } from "./peerPool.ts";
import type { Rerun } from "./rerun.ts";
import {
  addressOf,
  isFree,
  type Listen,
  type ListenArguments,
  type ListeningServer,
  REUSE_PORT,
  reusePortWorks,
  spokenTo,
} from "./serverHandle.ts";
import { watchProcess } from "./signals.ts";
import { awaitThreads } from "./threadMember.ts";
import { chooseTopology, userCluster } from "./topology.ts";
import { isSame, TriedAddresses } from "./triedAddresses.ts";

// Our own, taken before fake timers can replace them.
const { setTimeout, clearTimeout } = globalThis;

const DEBOUNCE_MILLIS = 100;
const MAX_DEBOUNCE_MILLIS = 1_000;
/** Later listens on any free port are a request's own (passive FTP), not the server's. */
const ANY_PORT_MILLIS = 10_000;
/** Peers handle a forwarded signal themselves first; closing under them would fail their own close(). */
const CLOSED_MILLIS = 250;
/** A signal's handler that has not ended the process by then did not mean to. */
const STOPPING_MILLIS = 10_000;
/** At the end, for requests under way in threads. */
const THREADS_MILLIS = 5_000;
const MAX_ENTRIES = 16;
const STOP_SIGNALS = new Set(["SIGTERM", "SIGINT", "SIGQUIT", "SIGBREAK"]);

export class FirstPeer implements Role {
  private topology: ActiveTopology | null = null;
  private part: "undecided" | "alone" | "first" = "undecided";
  private readonly live = new Map<number, Live>();
  private readonly told = new Set<number>();
  private readonly early = new Set<number>();
  private nextIndex = 0;
  private firstListenAt: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private timerSince = 0;
  private exiting = false;
  private stoppingUntil = 0;
  private readonly pool: PeerPool | null;
  /** It would run several workers, were it not one. */
  private readonly development: boolean;
  private readonly threads: boolean;
  private readonly guard = new OrphanGuard();
  private readonly claim: FirstPeerClaim;
  private readonly notices: FirstPeerNotices;
  private readonly tried = new TriedAddresses();
  private readonly heldPorts = new HeldPorts(
    (index) => this.pool?.holds(index) ?? false,
    (delayed) => this.isFree(delayed),
    (delayed, free) => this.listenNow(delayed, free),
  );

  constructor(
    private readonly context: SymmetricContext,
    rerun: Rerun | null,
  ) {
    const { workers, topology } = context.session;
    const asked = workers > 1 && topology !== "single";
    this.development = asked && isDevelopmentServer(process.argv);
    this.claim = new FirstPeerClaim(context.sessionFolder);
    this.notices = new FirstPeerNotices((message) => context.notice(message));
    const alone = rerun === null || !asked || this.development;
    this.pool = alone ? null : this.makePool(rerun);
    this.threads = rerun !== null && rerun.entry !== null;
    if (!alone) watchProcess({ signal: (name) => this.signal(name), exit: (code) => this.exit(code) });
  }

  private makePool(rerun: Rerun): PeerPool {
    return new PeerPool({
      rerun,
      notice: (message) => this.context.notice(message),
      quietly: (action) => this.context.quietly(action),
      state: () => this.stateForPeer(rerun),
      handle: (index) => this.live.get(index)?.server._handle ?? null,
      ending: () =>
        this.exiting || performance.now() < this.stoppingUntil || this.sharedEntries().length === 0,
      changed: (pids) => this.guard.watch(pids),
      released: () => this.heldPorts.released(),
    });
  }

  listen(server: ListeningServer, wanted: Wanted, original: Listen, args: ListenArguments): boolean {
    const delayed = { server, wanted, original, args };
    if (!this.heldPorts.takes(delayed)) this.listenNow(delayed, false);
    return true;
  }

  /** @param free known to be: a peer that has come back to the port since then shares it. */
  private listenNow(delayed: Delayed, free: boolean): void {
    const { server, wanted, original, args } = delayed;
    const flags = args[5] ?? 0;
    const parts = (topology: ActiveTopology) => topology === "reuse" || topology === "threads";
    const reuse = wanted.kind === "tcp" && parts(this.decide(original)) && this.mayShare(delayed, free);
    const used = reuse ? flags | REUSE_PORT : flags;
    if (wanted.kind !== "tcp") this.decide(original);
    const [address, port, addressType, backlog, fd] = args;
    Reflect.apply(original, server, reuse ? [address, port, addressType, backlog, fd, used] : args);
    if (server._handle !== null) this.listening(server, wanted, reuse ? used : flags, reuse);
    else this.tellTried(wanted);
  }

  private tellTried(wanted: Wanted): void {
    if (this.tried.add(wanted) && this.part === "first")
      this.context.quietly(() => this.pool?.broadcast({ type: "tried", wanted }));
  }

  brought(server: ListeningServer): void {
    const real = addressOf(server._handle);
    if (real === null) return;
    const { port, address } = real;
    this.context.listening({ port, address, topology: "single", workers: 1, ...spokenTo(server) });
  }

  closing(server: ListeningServer): void {
    this.heldPorts.forget(server);
    for (const { entry, server: other } of this.live.values()) {
      if (other !== server) continue;
      this.live.delete(entry.index);
      if (!this.told.delete(entry.index)) this.tellTried(entry.wanted);
      if (this.part !== "first") return;
      this.heldPorts.add(entry);
      this.context.quietly(() => this.pool?.broadcast({ type: "closing", index: entry.index }));
      const timer = setTimeout(() => this.tellClosed(entry), CLOSED_MILLIS);
      timer.unref();
      return;
    }
  }

  private tellClosed({ index, wanted, port }: Entry): void {
    if (performance.now() < this.stoppingUntil) return;
    const again =
      this.heldPorts.awaits(port) ||
      [...this.live.values()].some(({ entry }) => isSame(entry.wanted, wanted));
    this.context.quietly(() => this.pool?.broadcast({ type: "closed", index, again }));
  }

  private decide(listen: Listen): ActiveTopology {
    if (this.topology !== null) return this.topology;
    this.topology = "single";
    if (this.pool === null || userCluster() !== null) return this.topology;
    const choice = this.context.quietly(() =>
      chooseTopology(this.context.session, () => reusePortWorks(listen), this.threads),
    );
    if (choice.fallback !== null) {
      this.context.notice({ code: "topology-fallback", severity: "warning", text: choice.fallback });
    }
    this.topology = choice.topology;
    return this.topology;
  }

  /** Never share a port that is in use: then listen() must fail as without us. */
  private mayShare(delayed: Delayed, free: boolean): boolean {
    if (this.part === "alone") return false;
    return free || ((delayed.args[5] ?? 0) & REUSE_PORT) !== 0 || this.isFree(delayed);
  }

  private isFree({ wanted, original, args: [, , addressType, , , flags] }: Delayed): boolean {
    return this.context.quietly(() =>
      isFree(original, wanted.address, wanted.port, addressType ?? 4, flags ?? 0),
    );
  }

  private listening(server: ListeningServer, wanted: Wanted, flags: number, reuse: boolean): void {
    const now = performance.now();
    this.firstListenAt ??= now;
    if (this.live.size >= MAX_ENTRIES) return;
    if (wanted.kind === "tcp" && wanted.port === 0 && now - this.firstListenAt > ANY_PORT_MILLIS) return;
    const real = addressOf(server._handle);
    const index = this.nextIndex++;
    const entry: Entry = {
      index,
      wanted,
      share: reuse ? "reuse" : this.topology === "threads" || this.deals(wanted) ? "dealt" : "handle",
      address: real?.address ?? wanted.address ?? "",
      port: real?.port ?? 0,
      family: real?.family ?? 4,
      flags,
    };
    this.live.set(index, { entry, server });
    if (this.deals(wanted) && server._handle !== null) this.pool?.dealer.attach(index, server._handle);
    if (this.timer === null) this.timerSince = now;
    else clearTimeout(this.timer);
    this.settleIn(Math.min(DEBOUNCE_MILLIS, Math.max(0, this.timerSince + MAX_DEBOUNCE_MILLIS - now)));
  }

  private settleIn(millis: number): void {
    this.timer = setTimeout(() => this.settled(), millis).unref();
  }

  /** Servers have been listening for a moment: tell of them, and share them. */
  private settled(): void {
    this.timer = null;
    this.context.quietly(() => {
      try {
        const fresh = [...this.live.values()].filter(({ entry }) => !this.told.has(entry.index));
        const first = this.part === "undecided" && this.decidePart();
        if (first === "later") {
          this.reportEarly(fresh);
          return this.settleIn(CLAIM_AGAIN_MILLIS);
        }
        if (this.development) this.notices.developmentServer();
        for (const { entry, server } of fresh) {
          this.told.add(entry.index);
          this.report(entry, server);
          if (this.part === "first" && !first) this.pool?.broadcast({ type: "opened", entry });
        }
        if (first) this.pool?.start(this.context.session.workers);
        else if (this.part === "first") this.pool?.revive();
      } catch (error) {
        // The server goes on alone (under Node's permission model no process may be started).
        this.notices.notStarted(error);
      }
    });
  }

  /** True when this process has just become peer 0 with peers to start; "later" when that is not yet known. */
  private decidePart(): boolean | "later" {
    const entries = this.sharedEntries();
    if (entries.length === 0) {
      if (this.pool !== null) this.notices.unixSocket([...this.live.values()].map(({ entry }) => entry));
      return false;
    }
    const single = this.topology === "single" || this.topology === null;
    const claim = single ? "taken" : this.claim.make(portsOf(entries));
    if (claim === "later") return claim;
    const cluster = this.context.session.workers > 1 && userCluster() !== null;
    if (cluster) this.notices.cluster();
    else if (!single && claim === "taken") this.notices.taken(this.claim.ownersPorts, entries);
    this.part = cluster || claim === "taken" ? "alone" : "first";
    return this.part === "first";
  }

  /** It may be long until it is known whether there are others: that it listens is told before. */
  private reportEarly(fresh: readonly Live[]): void {
    for (const { entry, server } of fresh) {
      if (this.early.has(entry.index)) continue;
      this.early.add(entry.index);
      this.report(entry, server);
      // Its own child is no watcher's last run: nothing to wait for.
      if (this.claim.isChilds) this.notices.taken(this.claim.ownersPorts, this.sharedEntries());
    }
  }

  private report({ wanted, port, address }: Entry, server: ListeningServer): void {
    this.context.listening({
      port: wanted.kind === "pipe" ? null : port,
      address,
      topology: this.part === "first" ? (this.topology ?? "single") : "single",
      workers: this.part === "first" ? this.context.session.workers : 1,
      ...spokenTo(server),
    });
  }

  private sharedEntries(): Entry[] {
    return [...this.live.values()].map(({ entry }) => entry).filter(({ wanted }) => wanted.kind !== "pipe");
  }

  private deals({ kind }: Wanted): boolean {
    return this.topology === "rr" && kind === "tcp";
  }

  private stateForPeer(rerun: Rerun): GivenState | null {
    if (this.exiting || this.topology === null || this.topology === "single") return null;
    const rest = { workers: this.context.session.workers, ipc: rerun.ipc, tried: this.tried.list };
    return givenState(this.topology, [...this.live.values()], rest);
  }

  private signal(name: NodeJS.Signals): void {
    if (STOP_SIGNALS.has(name)) this.stoppingUntil = performance.now() + STOPPING_MILLIS;
    this.context.quietly(() => this.pool?.signal(name));
  }

  private exit(code: number): void {
    this.exiting = true;
    // Their requests would end with this process.
    if (this.topology === "threads" && performance.now() < this.stoppingUntil) awaitThreads(THREADS_MILLIS);
    this.context.quietly(() => this.pool?.broadcast({ type: "exit", code }));
  }
}
