// Unit tests: how long requests wait for the event loop, on a loop that is played, so that the truth is known: requests
// come at random, some of their code runs long, others wait for a timer meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, LoopWatch } from "../../src/runtime/probes/locks/loop/loopWatch.ts";
import { seeded } from "./seeded.ts";

interface Scene {
  /** Where the long code runs: as a request starts, in one that has waited for something, in a timer of nobody's. */
  readonly where: "start" | "later" | "timer";
  readonly millis: number;
  readonly perSecond: number;
  /** Of the requests, those with the long code. */
  readonly share: number;
  /** Short turns a second in which no request starts or ends. */
  readonly otherTurns?: number;
}
interface Played {
  readonly truthMillis: number;
  readonly foundMillis: number;
  readonly requestMillis: number;
  readonly blocks: readonly Block[];
}

const SECONDS = 40;
const PASSING_MILLIS = 30;

/** As libuv's: asks for events, sleeps when there are none, then runs timers that are due. */
class PlayedLoop {
  now = 1_000;
  idle = 0;
  turns = 0;
  eventsWaiting = 0;
  private readonly timers: { at: number; run: () => void }[] = [];

  at(at: number, run: () => void): void {
    this.timers.push({ at, run });
    this.timers.sort((a, b) => a.at - b.at);
  }

  play(events: { readonly at: number; readonly run: () => void }[], until: number): void {
    while (this.now < until) {
      this.turns++;
      this.eventsWaiting += countReady(events, this.now);
      const next = Math.min(events[0]?.at ?? until, this.timers[0]?.at ?? until);
      if (next > this.now) {
        this.idle += next - this.now;
        this.now = next;
      }
      const ready = events.splice(0, countReady(events, this.now));
      this.now += 0.01;
      for (const { run } of ready) run();
      for (const { run } of this.timers.splice(0, countReady(this.timers, this.now))) run();
    }
  }
}

function countReady(events: readonly { readonly at: number }[], now: number): number {
  const place = events.findIndex(({ at }) => at > now);
  return place < 0 ? events.length : place;
}

function play({ where, millis, perSecond, share, otherTurns = 0 }: Scene): Played {
  const random = seeded(7);
  const loop = new PlayedLoop();
  const spans: [from: number, to: number][] = [];
  const blocks = new Set<Block>();
  let [truthMillis, foundMillis, requestMillis] = [0, 0, 0];
  const watch = new LoopWatch(
    {
      idleMillis: () => loop.idle,
      turns: () => ({ loopCount: loop.turns, eventsWaiting: loop.eventsWaiting }),
      ownMillis: () => 0,
      schedule: () => null,
      scheduleCost: () => 0,
    },
    (block, micros) => {
      blocks.add(block);
      foundMillis += micros / 1_000;
    },
  );
  const spin = () => {
    spans.push([loop.now, loop.now + millis]);
    loop.now += millis;
  };
  const kept = (from: number) => {
    for (const span of spans.slice(-20))
      truthMillis += Math.max(0, Math.min(loop.now, span[1]) - Math.max(from, span[0]));
  };
  const request = (arrived: number) => {
    kept(arrived);
    const start = loop.now;
    watch.started(start, 1);
    loop.now += 0.05;
    const kind = random();
    const long = where !== "timer" && kind < share;
    const usualMillis = (long ? millis : 0) + (kind < 0.5 ? PASSING_MILLIS : 0) + 0.07;
    const end = () => {
      loop.now += 0.02;
      requestMillis += watch.finished(start, loop.now, usualMillis) / 1_000;
    };
    if (long && where === "start") spin();
    if (long || kind < 0.5) {
      const due = loop.now + PASSING_MILLIS;
      if (long && where === "start") end();
      else
        loop.at(due, () => {
          kept(due);
          if (long) spin();
          end();
        });
    } else end();
  };
  const events: { at: number; run: () => void }[] = [];
  const until = loop.now + SECONDS * 1_000;
  for (let at = loop.now; at < until; ) {
    at -= (Math.log(random()) * 1_000) / perSecond;
    const arrived = at;
    events.push({ at, run: () => request(arrived) });
  }
  const repeat = (every: number, run: () => void) =>
    loop.at(loop.now + every, () => {
      run();
      repeat(every, run);
    });
  if (where === "timer") repeat(300, spin);
  if (otherTurns > 0)
    repeat(1_000 / otherTurns, () => {
      loop.now += 0.05;
    });
  loop.play(events, until);
  return { truthMillis, foundMillis, requestMillis, blocks: [...blocks] };
}

const LOADS = [
  { perSecond: 30, share: 0.1 },
  { perSecond: 100, share: 0.05 },
  { perSecond: 400, share: 0.01 },
] as const;

for (const where of ["start", "later"] as const) {
  test(`code that blocks (${where}): who waited for how long, within 8 %`, () => {
    for (const load of LOADS) {
      const { truthMillis, foundMillis, requestMillis, blocks } = play({ where, millis: 60, ...load });
      assert.ok(Math.abs(foundMillis / truthMillis - 1) < 0.08, `${foundMillis} of ${truthMillis} ms`);
      assert.ok(requestMillis <= foundMillis && requestMillis > foundMillis * 0.99);
      const lengths = blocks.map(({ from, to }) => to - from).sort((a, b) => a - b);
      const median = lengths[lengths.length >> 1] ?? 0;
      assert.ok(median > 59 && median < 63, `${median} ms long`);
    }
  });
}

test("a timer of nobody's that blocks: never more than was waited, and most of it", () => {
  for (const load of LOADS) {
    const { truthMillis, foundMillis } = play({ where: "timer", millis: 40, ...load });
    assert.ok(
      foundMillis < truthMillis && foundMillis > truthMillis * 0.65,
      `${foundMillis} of ${truthMillis}`,
    );
  }
});

test("turns in which Darcy sees nothing change little", () => {
  const { truthMillis, foundMillis } = play({
    where: "later",
    millis: 60,
    perSecond: 100,
    share: 0.05,
    otherTurns: 200,
  });
  assert.ok(Math.abs(foundMillis / truthMillis - 1) < 0.1, `${foundMillis} of ${truthMillis} ms`);
});

test("what takes less than ten milliseconds is no block", () => {
  for (const load of LOADS)
    for (const where of ["start", "later", "timer"] as const)
      assert.equal(play({ where, millis: 6, ...load }).blocks.length, 0);
});

test("whoever waited for another lock meanwhile did not wait for the loop", () => {
  for (const locked of [false, true]) {
    let [at, turn] = [1_000, 1];
    const waits: number[] = [];
    const watch = new LoopWatch(
      {
        idleMillis: () => 0,
        turns: () => ({ loopCount: turn, eventsWaiting: 0 }),
        ownMillis: () => 0,
        schedule: () => null,
        scheduleCost: () => 0,
      },
      (_block, micros) => void waits.push(micros),
    );
    watch.started(at, 0);
    at += 1;
    watch.started(at, 0);
    const owner = at;
    at += 50;
    watch.finished(owner, at, 0);
    turn++;
    at += 1;
    if (locked) watch.lockWaited(1_000, at);
    watch.finished(1_000, at, 0);
    assert.deepEqual(waits, locked ? [] : [25_000]);
  }
});

test("on a machine that tells, a block computes for ten milliseconds, or waits for fifty", () => {
  const cases = [
    { wall: 40, cpu: 38, runQueue: 0, told: true },
    { wall: 40, cpu: 4, runQueue: 36, told: false },
    { wall: 40, cpu: 4, runQueue: 0, told: false },
    { wall: 80, cpu: 2, runQueue: 5, told: true },
    { wall: 80, cpu: 2, runQueue: 70, told: false },
  ];
  for (const { wall, cpu, runQueue, told } of cases) {
    let at = 1_000;
    const clock = { cpuMillis: 0, runQueueMillis: 0 };
    const waits: number[] = [];
    const watch = new LoopWatch(
      {
        idleMillis: () => 0,
        turns: () => ({ loopCount: 1, eventsWaiting: 0 }),
        ownMillis: () => 0,
        schedule: () => ({ ...clock }),
        scheduleCost: () => 0,
      },
      (_block, micros) => void waits.push(micros),
    );
    watch.started(at, 1);
    at += wall;
    clock.cpuMillis += cpu;
    clock.runQueueMillis += runQueue;
    watch.finished(1_000, at, 0);
    at += 0.5;
    watch.started(at, 1);
    assert.deepEqual(waits, told ? [wall * 1_000] : [], JSON.stringify({ wall, cpu, runQueue }));
  }
});
