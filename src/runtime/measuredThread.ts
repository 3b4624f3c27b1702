// Runtime: one thread under measurement: owns its probes, cuts their windows and hands them to the client.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { GlanceMessage, RequestRow, RouteRow, WindowMessage } from "../protocol/window.ts";
import type { CollectorMessage, PeerMessage } from "../protocol/wire.ts";
import { WIRE_VERSION } from "../protocol/wire.ts";
import { noticeLoaded } from "./builtins.ts";
import { emptyDraft } from "./emptyDraft.ts";
import type { Environment } from "./environment.ts";
import { Faults } from "./faults.ts";
import { helloOf } from "./hello.ts";
import { Idleness } from "./idleness.ts";
import { LongWork } from "./ownCost.ts";
import { offHeapGrowth } from "./probes/allocations/offHeapGrowth.ts";
import { allProbes } from "./probes/index.ts";
import type { Probe, ProbeContext } from "./probes/probe.ts";
import { Rest } from "./rest.ts";
import { Meter } from "./sampling/meter.ts";
import { sourceMapsOf } from "./sampling/sourceMaps.ts";
import { StackTable } from "./sampling/stackTable.ts";
import { isMainThread } from "./threadIdentity.ts";
import { Client } from "./transport/client.ts";
import { spanOf, takeOwn, toldBy } from "./windowParts.ts";

// Our own, taken before the user's code (or its fake timers) can replace them.
const { setInterval, clearInterval } = globalThis;
const { stringify } = JSON;
const now = performance.now.bind(performance);

/** Should nobody wake it. */
const LONGEST_REST_MILLIS = 3_600_000;
/** Told of. */
const MOST_REPLACED = 20;

export class MeasuredThread {
  private readonly meter: Meter;
  private readonly stacks = new StackTable();
  private readonly faults: Faults;
  private readonly client: Client;
  private readonly running: Probe[] = [];
  private readonly unavailable: [string, string][] = [];
  private sequence = 0;
  private windowStart = now();
  private timer: NodeJS.Timeout | null = null;
  private welcome = false;
  /** Cutting the last window took this long; it is told with the next. */
  private lastCutMicros = 0;
  /** Of glances since then. */
  private glanceMicros = 0;
  private readonly work = new LongWork();
  private readonly idleness = new Idleness();
  private rest: Rest | null = null;
  private readonly replacedNames = new Set<string>();
  private readonly routesOfRest: RouteRow[] = [];
  private readonly saveLast = () => this.quietly(() => this.atExit());

  constructor(private readonly environment: Environment) {
    const { sampling, socket } = environment.session;
    this.meter = new Meter(
      this.stacks,
      Math.max(1, Math.round((sampling.stacksPerSecond * sampling.windowMillis) / 1000)),
      sampling.windowMillis,
    );
    this.faults = new Faults((owner) => this.turnOff(owner));
    this.client = new Client(socket, (action) => this.quietly(action), {
      connected: () => helloOf(this.environment, this.running, this.unavailable),
      message: (message) => this.obey(message),
      closed: () => this.stop(),
    });
  }

  /** Runs our own work unseen by the probes. */
  quietly<T>(action: () => T): T {
    this.meter.quiet++;
    try {
      return action();
    } finally {
      this.meter.quiet--;
    }
  }

  send(message: PeerMessage): void {
    this.client.send(message);
  }

  start(): void {
    this.quietly(() => {
      const context: ProbeContext = {
        meter: this.meter,
        faults: this.faults,
        options: this.environment.session.sampling,
        mainThread: isMainThread,
        notice: (message) => this.send({ type: "notice", ...message }),
      };
      for (const probe of allProbes(context.options.categories)) this.startProbe(probe, context);
      this.client.connect();
      process.on("exit", this.saveLast);
      this.startTicking();
    });
  }

  private startTicking(): void {
    this.timer = setInterval(() => this.tick(), this.environment.session.sampling.windowMillis);
    this.timer.unref();
  }

  private stopTicking(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private startProbe(probe: Probe, context: ProbeContext): void {
    this.faults.guard(probe.name, undefined, () => {
      const reason = probe.unavailable();
      if (reason !== null) {
        this.unavailable.push([probe.name, reason]);
        return;
      }
      this.running.push(probe);
      probe.start(context);
    });
  }

  private stop(): void {
    this.stopTicking();
    this.rest?.cancel();
    this.welcome = false;
    process.removeListener("exit", this.saveLast);
    for (const probe of this.running.splice(0).reverse())
      this.faults.guard(probe.name, undefined, () => probe.stop());
    this.client.close();
  }

  private turnOff(name: string): void {
    const index = this.running.findIndex((probe) => probe.name === name);
    const probe = this.running[index];
    if (probe === undefined) return;
    this.running.splice(index, 1);
    this.send({
      type: "notice",
      code: "probe-off",
      severity: "warning",
      text: fill(NOTICES.probeOff, name, process.pid),
    });
    probe.stop();
  }

  private obey(message: CollectorMessage): void {
    switch (message.type) {
      case "welcome":
        this.welcome = message.version === WIRE_VERSION;
        return;
      case "flush":
        if (this.rest === null) this.tick(true);
        else this.quietly(() => this.client.send({ type: "resting" }));
        return;
      case "look":
        this.quietly(() => this.faults.guard("look", undefined, () => this.look(message.cut)));
        return;
      case "rest":
        this.restFor(message.millis);
        return;
      case "stop":
      case "reject":
        this.stop();
        return;
    }
  }

  /** Cuts a window when it can leave at once and holds something; otherwise the window just grows, and it is false. */
  private tick(forced = false): boolean {
    if (!this.welcome || (!forced && (!this.client.writable || this.idleness.holds))) return false;
    this.quietly(() => {
      this.faults.guard("modules", undefined, noticeLoaded);
      this.faults.guard("window", undefined, () => this.client.send(this.cut()));
      this.idleness.restart();
      offHeapGrowth.rebase();
    });
    return true;
  }

  /** Who looks on sets the pace, the same for all threads; ours goes on when nothing comes from there. */
  private look(cut: boolean): void {
    this.idleness.ownEvent();
    this.timer?.refresh();
    if (this.rest !== null) this.client.send({ type: "resting" });
    else if (!cut || !this.tick()) this.client.send(this.glance());
  }

  /** All threads of the session at the same time: what one does for another's request is measured with it, or not at all. */
  private restFor(millis: number): void {
    if (!(millis > 0)) {
      this.rest?.end();
      return;
    }
    if (this.rest !== null) {
      this.rest.last(Math.min(millis, LONGEST_REST_MILLIS));
      return;
    }
    if (!this.welcome) return;
    const { meter, faults, running: probes } = this;
    this.quietly(() => {
      for (const probe of [...probes]) faults.guard(probe.name, undefined, () => probe.beforeRest?.());
    });
    this.tick(true);
    this.stopTicking();
    this.rest = Rest.begin(
      {
        meter,
        faults,
        probes,
        forget: () => this.forget(),
        replaced: (names) => this.replaced(names),
        awake: (early) => this.awake(early),
      },
      Math.min(millis, LONGEST_REST_MILLIS),
    );
  }

  /** What grew during the rest, as the kernel's counts, is told by no window. */
  private forget(): void {
    const draft = emptyDraft(0);
    for (const probe of [...this.running])
      this.faults.guard(probe.name, undefined, () => probe.collect?.(draft));
    // Their ids are used from here on.
    this.routesOfRest.push(...draft.routes);
    this.meter.discard();
  }

  private replaced(names: readonly string[]): void {
    for (const name of names) {
      if (this.replacedNames.size >= MOST_REPLACED || this.replacedNames.has(name)) continue;
      this.replacedNames.add(name);
      this.send({
        type: "notice",
        code: "coverage",
        severity: "warning",
        text: fill(NOTICES.replaced, name, process.pid),
      });
    }
  }

  private awake(early: boolean): void {
    this.rest = null;
    if (early) this.send({ type: "woken" });
    this.windowStart = now();
    this.idleness.restart();
    this.startTicking();
  }

  private atExit(): void {
    this.faults.guard("exit", undefined, () => {
      const file = join(this.environment.sessionFolder, `last-${process.pid}-${threadId}.json`);
      if (this.welcome && this.rest === null) writeFileSync(file, stringify(this.cut()), { mode: 0o600 });
    });
  }

  private glance(): GlanceMessage {
    this.work.start();
    const routes = [...this.routesOfRest];
    const requests: RequestRow[] = [];
    for (const probe of [...this.running])
      this.faults.guard(probe.name, undefined, () => probe.glance?.({ routes, requests }));
    const glance = { type: "glance", ...spanOf(this.windowStart, now()), routes, requests } as const;
    this.glanceMicros += this.work.stop();
    return glance;
  }

  private cut(): WindowMessage {
    this.work.start();
    const end = now();
    const draft = emptyDraft((end - this.windowStart) * 1000);
    for (const probe of [...this.running]) {
      if (probe.collect) this.faults.guard(probe.name, undefined, () => probe.collect?.(draft));
    }
    const { operations, droppedSamples, ...counted } = this.meter.drain();
    const rows = this.stacks.drain();
    const sourceMaps = this.faults.guard("source maps", [], () => sourceMapsOf(rows.scripts));
    const windowMicros = draft.own.windowMicros + this.lastCutMicros + this.glanceMicros;
    const known = { ...draft.own, windowMicros, droppedSamples };
    const own = takeOwn(this.stacks, this.meter, this.client, this.faults, known);
    this.glanceMicros = 0;
    const window: WindowMessage = {
      type: "window",
      sequence: this.sequence++,
      ...spanOf(this.windowStart, end),
      operations,
      ...rows,
      ...(sourceMaps.length > 0 ? { sourceMaps } : {}),
      routes: [...this.routesOfRest.splice(0), ...draft.routes],
      ...counted,
      ...toldBy(draft),
      own,
    };
    this.windowStart = end;
    this.lastCutMicros = this.work.stop();
    return window;
  }
}
