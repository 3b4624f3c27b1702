// Unit tests: waits between requests, found by hooks on promises: locks, semaphores and pools of the program's own, and what
// looks like them and is none. Requests are contexts here; the hooks are on all the time.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { readFile, stat } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as afterMillis } from "node:timers/promises";
import { promiseHooks } from "node:v8";
import { HandOffs, unseen, type Wait } from "../../src/runtime/probes/locks/handOffs/handOffs.ts";
import { StackReader } from "../../src/runtime/probes/locks/handOffs/stackReader.ts";
import { StackTable } from "../../src/runtime/sampling/stackTable.ts";

interface Request {
  finished: boolean;
}
interface Seen {
  readonly basis: Wait["basis"];
  readonly waiter: string;
  readonly holder: string;
  readonly millis: number;
}

const storage = new AsyncLocalStorage<Request>();

/** Goes on by what is waited for alone, however long a crowded machine takes for it, milliseconds. */
let clock = 0;
function passed(millis: number): Promise<void> {
  const at = clock + millis;
  return afterMillis(millis).then(() => {
    clock = Math.max(clock, at);
  });
}

/** The text of the source line of a stack's innermost frame in this file. */
class Lines {
  private readonly frames = new Map<number, { script: number; name: string }>();
  private readonly stacks = new Map<number, { parent: number; frame: number }>();
  constructor(readonly table: StackTable) {}

  functionOf(stack: number): string {
    const { frames, stacks } = this.table.drain();
    for (const [id, script, name] of frames) this.frames.set(id, { script, name });
    for (const [id, parent, frame] of stacks) this.stacks.set(id, { parent, frame });
    const row = this.stacks.get(stack);
    return row === undefined ? "" : (this.frames.get(row.frame)?.name ?? "");
  }
}

/** Runs the requests, each in its own context, and tells what waits were found. The first time code is slow. */
async function watch(requests: readonly (() => Promise<unknown>)[], account?: Account): Promise<Seen[]> {
  const now = account === undefined ? () => performance.now() : () => clock;
  await watchOnce(requests, now);
  account?.waits.splice(0);
  return watchOnce(requests, now);
}

async function watchOnce(requests: readonly (() => Promise<unknown>)[], now: () => number): Promise<Seen[]> {
  const lines = new Lines(new StackTable());
  const reader = new StackReader(lines.table);
  const waits: Wait[] = [];
  let quiet = false;
  const handOffs = new HandOffs({
    now,
    current: () => storage.getStore() ?? null,
    made: () => reader.made(init),
    awaited: (made) => reader.awaited(made, init),
    settled: (answers) => reader.settled(settled, answers),
    found: (wait) => void waits.push(wait),
  });
  function init(promise: Promise<unknown>, parent: Promise<unknown> | undefined): void {
    if (quiet) return;
    if (parent !== undefined) handOffs.derive(promise, parent);
    else handOffs.make(promise, 1);
  }
  function settled(promise: Promise<unknown>): void {
    if (!quiet) handOffs.settle(promise);
  }
  const stops = [promiseHooks.onInit(init), promiseHooks.onSettled(settled)];
  try {
    const running: Promise<void>[] = [];
    for (const work of requests) {
      const request = { finished: false };
      const handle = async () => {
        await work();
        request.finished = true;
      };
      running.push(storage.run(request, handle));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
  } finally {
    quiet = true;
    for (const stop of stops) stop();
  }
  handOffs.flush();
  return waits.map(({ basis, waiter, holder, from, to }) => ({
    basis,
    waiter: lines.functionOf(waiter),
    holder: lines.functionOf(holder),
    millis: to - from,
  }));
}

/** Its own account of the waits of one program, by `clock`. */
class Account {
  readonly waits: number[] = [];
  began(): () => void {
    const from = clock;
    return () => {
      const millis = clock - from;
      if (millis >= 2) this.waits.push(millis);
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function assertFound(seen: readonly Seen[], account: Account, waiter: string, holder: string): void {
  const long = seen.filter(({ millis }) => millis >= 2);
  assert.ok(account.waits.length > 5);
  assert.ok(
    Math.abs(long.length - account.waits.length) <= 2,
    `${long.length} of ${account.waits.length} waits`,
  );
  const [found, truth] = [sum(long.map(({ millis }) => millis)), sum(account.waits)];
  assert.ok(Math.abs(found / truth - 1) < 0.05, `${found} of ${truth} ms`);
  for (const wait of long)
    assert.deepEqual([wait.basis, wait.waiter, wait.holder], ["inferred", waiter, holder]);
}

class Mutex {
  private locked = false;
  private readonly queue: (() => void)[] = [];

  acquire(): Promise<void> {
    if (this.locked) return new Promise((resolve) => this.queue.push(resolve));
    this.locked = true;
    return Promise.resolve();
  }

  async enter(): Promise<void> {
    if (this.locked) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.locked = true;
  }

  release(): void {
    const next = this.queue.shift();
    if (next === undefined) this.locked = false;
    else next();
  }
}

function semaphore(places: number) {
  const queue: (() => void)[] = [];
  let free = places;
  return {
    take: (): Promise<void> => {
      if (free === 0) return new Promise((resolve) => queue.push(resolve));
      free--;
      return Promise.resolve();
    },
    give: () => {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}

const repeat = (times: number, work: () => Promise<unknown>) => Array.from({ length: times }, () => work);

test("a mutex of the program's own, whose promise the caller awaits", async () => {
  const mutex = new Mutex();
  const account = new Account();
  async function pay(): Promise<void> {
    const end = account.began();
    await mutex.acquire();
    end();
    try {
      await passed(4);
    } finally {
      mutex.release();
    }
  }
  assertFound(await watch(repeat(10, pay), account), account, "pay", "pay");
});

test("a mutex that awaits inside", async () => {
  const mutex = new Mutex();
  const account = new Account();
  async function pay(): Promise<void> {
    const end = account.began();
    await mutex.enter();
    end();
    await passed(4);
    mutex.release();
  }
  assertFound(await watch(repeat(10, pay), account), account, "pay", "pay");
});

test("a semaphore made of closures, and two kinds of users of it", async () => {
  const { take, give } = semaphore(2);
  const account = new Account();
  async function quick(): Promise<void> {
    const end = account.began();
    await take();
    end();
    await passed(2);
    give();
  }
  async function slow(): Promise<void> {
    const end = account.began();
    await take();
    end();
    await passed(9);
    give();
  }
  const seen = await watch(
    Array.from({ length: 16 }, (_, n) => (n % 4 === 0 ? slow : quick)),
    account,
  );
  const long = seen.filter(({ millis }) => millis >= 2);
  assert.ok(Math.abs(long.length - account.waits.length) <= 2, `${long.length} of ${account.waits.length}`);
  for (const { waiter, holder } of long)
    assert.ok([waiter, holder].every((name) => name === "quick" || name === "slow"));
  assert.ok(long.some(({ holder }) => holder === "slow") && long.some(({ holder }) => holder === "quick"));
});

test("a lock without functions of its own", async () => {
  const queue: (() => void)[] = [];
  const account = new Account();
  let busy = false;
  async function pay(): Promise<void> {
    const end = account.began();
    if (busy) await new Promise<void>((resolve) => queue.push(resolve));
    busy = true;
    end();
    await passed(4);
    busy = false;
    queue.shift()?.();
  }
  assertFound(await watch(repeat(10, pay), account), account, "pay", "pay");
});

test("a lock that is a chain of promises", async () => {
  let last = Promise.resolve();
  const account = new Account();
  async function pay(): Promise<void> {
    const before = last;
    let done = () => {};
    last = new Promise((resolve) => {
      done = resolve;
    });
    const end = account.began();
    await before;
    end();
    await passed(4);
    done();
  }
  assertFound(await watch(repeat(10, pay), account), account, "pay", "pay");
});

test("two locks that are given back one after the other", async () => {
  const [cash, stock] = [new Mutex(), semaphore(1)];
  async function buy(): Promise<void> {
    await cash.acquire();
    await stock.take();
    await passed(4);
    stock.give();
    cash.release();
  }
  async function fill(): Promise<void> {
    await stock.take();
    await passed(4);
    stock.give();
  }
  const seen = await watch(Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? buy : fill)));
  const long = seen.filter(({ millis }) => millis >= 2);
  assert.ok(long.length > 8, `${long.length}`);
  for (const { basis } of long) assert.equal(basis, "inferred");
});

test("several locks at once", async () => {
  const [cash, stock] = [new Mutex(), new Mutex()];
  const account = new Account();
  async function buy(): Promise<void> {
    const end = account.began();
    await cash.acquire();
    end();
    await passed(3);
    cash.release();
  }
  async function fill(): Promise<void> {
    const end = account.began();
    await stock.acquire();
    end();
    await passed(5);
    stock.release();
  }
  const seen = await watch(
    Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? buy : fill)),
    account,
  );
  const long = seen.filter(({ millis }) => millis >= 2);
  assert.ok(Math.abs(long.length - account.waits.length) <= 2, `${long.length} of ${account.waits.length}`);
  for (const { waiter, holder } of long) assert.equal(waiter, holder);
});

test("one piece of work that many wait for is shared", async () => {
  let cached: Promise<number> | null = null;
  async function fetchIt(): Promise<number> {
    await passed(10);
    return 1;
  }
  function load(): Promise<number> {
    cached ??= fetchIt().finally(() => {
      cached = null;
    });
    return cached;
  }
  const seen = await watch(repeat(6, load), new Account());
  assert.equal(seen.length, 5);
  for (const { basis } of seen) assert.equal(basis, "shared work");
});

test("a batch is shared work", async () => {
  let batch: (() => void)[] = [];
  let size = 0;
  function load(): Promise<void> {
    return new Promise((resolve) => {
      // Not some time after the first: a crowded machine may take longer until the last has come.
      if (batch.push(resolve) === size) setTimeout(run, 5);
    });
  }
  async function run(): Promise<void> {
    const all = batch;
    batch = [];
    await passed(4);
    for (const resolve of all) resolve();
  }
  for (size of [2, 6]) {
    const seen = await watch(
      repeat(size, async () => load()),
      new Account(),
    );
    assert.equal(seen.length, size - 1);
    for (const { basis } of seen) assert.equal(basis, "shared work");
  }
});

test("what no request's code settles is background", async () => {
  const waiting: (() => void)[] = [];
  const timer = setInterval(() => waiting.shift()?.(), 4);
  const seen = await watch(repeat(4, () => new Promise<void>((resolve) => waiting.push(resolve))));
  clearInterval(timer);
  assert.equal(seen.length, 4);
  for (const { basis } of seen) assert.equal(basis, "background");
});

test("waiting for files, timers and answers of a socket is none", async () => {
  const server = createServer((_request, response) => setTimeout(() => response.end("ok"), 5)).listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  // One connection that all share, opened by the first: its answers come in that one's context.
  const { Agent } = await import("node:http");
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ port, agent }, (answer) => {
        answer.resume();
        answer.once("end", resolve);
      });
      sent.once("error", reject).end();
    });
  const seen = await watch(
    repeat(8, async () => {
      await readFile(import.meta.filename ?? process.argv[1] ?? "");
      await Promise.all([passed(3), stat(".")]);
      await new Promise((resolve) => setImmediate(resolve));
      await ask();
      await ask();
    }),
  );
  agent.destroy();
  server.close();
  assert.deepEqual(seen, []);
});

test("a consumer that waits for work waits for no lock", async () => {
  const jobs: (() => void)[] = [];
  let wake: (() => void) | null = null;
  let ended = false;
  const consume = async () => {
    while (!ended) {
      const job = jobs.shift();
      if (job !== undefined) {
        await passed(2);
        job();
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
  const running = consume();
  const work = () =>
    new Promise<void>((resolve) => {
      jobs.push(resolve);
      wake?.();
    });
  const seen = await watch(repeat(4, work));
  ended = true;
  (wake as (() => void) | null)?.();
  await running;
  for (const { basis } of seen) assert.equal(basis, "background");
});

test("a promise that is waited for long after it was made stands for those that were not seen", () => {
  const place = { inner: 1, outer: 1, name: "pay", spot: "pay 1", className: "" };
  const [holder, waiter] = [{ finished: false }, { finished: false }];
  const waits: Wait[] = [];
  let [at, current] = [0, holder];
  const handOffs = new HandOffs({
    now: () => at,
    current: () => current,
    made: () => ({ ...place, inPlace: true }),
    awaited: () => place,
    settled: () => place,
    found: (wait) => void waits.push(wait),
  });
  const promise = {};
  handOffs.make(promise, 1);
  [at, current] = [15, waiter];
  handOffs.derive({}, promise);
  [at, current] = [40, holder];
  handOffs.settle(promise);
  handOffs.flush();
  assert.deepEqual(
    waits.map(({ basis, from, to, unawaited }) => [basis, from, to, unawaited]),
    [["inferred", 15, 40, 15]],
  );
  assert.equal(unseen(25, 15), 2.5);
  assert.equal(unseen(25, 0), 1);
  assert.equal(unseen(25, 30), 5);
});
