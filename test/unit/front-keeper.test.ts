// Unit tests: recordings that nobody has saved outlive their window: on real files, read as any recording is.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import type { Disposable, Memento } from "vscode";
import { openFront } from "../../src/collector/front.ts";
import { readPacked, readProfile } from "../../src/collector/profileFile.ts";
import type { Profile } from "../../src/model/profile.ts";
import { frontOf } from "../../src/recording/front.ts";
import { Keeper } from "../../src/recording/keeper.ts";
import { type Keepable, Keeping } from "../../src/recording/keeping.ts";
import { KeptFiles, MOST_DAYS, MOST_KEPT } from "../../src/recording/keptFiles.ts";
import { KnownProfile, times } from "./knownProfile.ts";

// The extension host lives on; timers of the keeper's do not keep a process.
const alive = setInterval(() => undefined, 60_000);
after(() => clearInterval(alive));

let folder = "";
let memory: Pick<Memento, "get" | "update">;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "darcy-kept-")), "storage", "unsaved");
  const values = new Map<string, unknown>();
  memory = {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  } as Pick<Memento, "get" | "update">;
});
afterEach(() => rm(dirname(dirname(folder)), { recursive: true, force: true }));

/** A recording of so many requests. */
class Running implements Keepable {
  requests = 0;
  readonly #listeners = new Set<(event: unknown) => void>();
  readonly onDidMeasure = (listener: (event: unknown) => void): Disposable => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  readonly onDidLook = this.onDidMeasure;

  constructor(readonly title = "shop: start") {}

  serve(requests: number): void {
    this.requests += requests;
    for (const listener of this.#listeners) listener(undefined);
  }

  profile(): Profile {
    const known = new KnownProfile();
    known.route("GET", "/");
    known.window(known.worker(), 0, { latencies: times(this.requests, 100) });
    known.stack("server.js:1 list");
    const profile = known.profile();
    // The root's frame is any: no stack shows it.
    return {
      ...profile,
      stacks: profile.stacks.map((node, at) => (at === 0 ? { parent: 0, frame: 0 } : node)),
    };
  }
}

interface Window {
  readonly keeper: Keeper;
  readonly failures: { readonly title: string; readonly error: unknown; readonly ended: boolean }[];
}
/** Of the same workspace: its memory and its storage. */
function openWindow(): Window {
  const failures: Window["failures"] = [];
  const keeper = new Keeper(new KeptFiles(folder), memory, {
    changed: () => undefined,
    failed: (title, error, ended) => failures.push({ title, error, ended }),
    frontOf: async (packed) => frontOf(await profileIn(packed), packed),
  });
  return { keeper, failures };
}
async function profileIn(packed: Uint8Array): Promise<Profile> {
  const file = join(dirname(dirname(folder)), "packed.darcy");
  await writeFile(file, packed);
  return readProfile(file);
}
const requestsIn = async (file: string | null) =>
  (await readProfile(file ?? "")).windows
    .flatMap(({ requests }) => requests)
    .reduce((sum, [, count]) => sum + count, 0);

test("a recording that ended is there after its window, whole, until it is saved", async () => {
  const { keeper, failures } = openWindow();
  const shop = new Running();
  keeper.begin(shop);
  shop.serve(7);
  await keeper.ended(shop);
  const next = openWindow().keeper;
  assert.ok(next.left !== null && next.files.has(next.left));
  assert.match(basename(next.left), /^shop-start-\d{4}-\d\d-\d\d-\d{6}\.darcy$/);
  assert.equal(await requestsIn(next.left), 7);
  assert.notEqual(await openFront(await readPacked(next.left)), null, "it opens at once");
  assert.deepEqual(await next.files.list(), [next.left]);
  const target = join(dirname(folder), "mine.darcy");
  await keeper.saved(shop, target);
  assert.deepEqual(await next.files.list(), []);
  assert.equal(openWindow().keeper.left, target, "what the panel showed is the saved one");
  assert.deepEqual(failures, []);
});

test("another recording does not take the one before it, though both began in the same second", async () => {
  const { keeper } = openWindow();
  for (const requests of [1, 2]) {
    const shop = new Running();
    keeper.begin(shop);
    shop.serve(requests);
    await keeper.ended(shop);
  }
  const files = await keeper.files.list();
  assert.deepEqual((await Promise.all(files.map(requestsIn))).sort(), [1, 2]);
  assert.equal(await requestsIn(keeper.current), 2);
  assert.equal(openWindow().keeper.left, keeper.current);
});

test("one that a window's end cuts off is kept without what takes time", async () => {
  const { keeper } = openWindow();
  const shop = new Running();
  const keeping = keeper.begin(shop);
  shop.serve(3);
  keeper.leave();
  // VS Code disposes of all that an extension has before it waits for its end.
  keeping.dispose();
  await keeper.ended(shop);
  const { left } = openWindow().keeper;
  assert.equal(await requestsIn(left), 3);
  assert.equal(await openFront(await readPacked(left ?? "")), null);
});

test("a crash leaves what was written while it ran", async () => {
  const shop = new Running();
  let resolve = (): void => undefined;
  const written = new Promise<void>((done) => {
    resolve = done;
  });
  const files = new KeptFiles(folder);
  const keeping = new Keeping(
    files.place(shop.title),
    shop,
    files,
    {
      written: () => resolve(),
      failed: (error) => assert.fail(String(error)),
      frontOf: async (packed) => packed,
    },
    { firstMillis: 1, pauseMillis: 60_000 },
  );
  shop.serve(5);
  await written;
  keeping.dispose();
  assert.equal(await requestsIn(keeping.file), 5);
});

test("what is written while it ran gives way to the whole", async () => {
  const shop = new Running();
  const files = new KeptFiles(folder);
  let ask = (): void => undefined;
  const asked = new Promise<void>((done) => {
    ask = done;
  });
  const recording: Keepable = {
    title: shop.title,
    onDidMeasure: shop.onDidMeasure,
    onDidLook: shop.onDidLook,
    profile: () => {
      ask();
      return shop.profile();
    },
  };
  const failures: unknown[] = [];
  const keeping = new Keeping(
    files.place(shop.title),
    recording,
    files,
    {
      written: () => undefined,
      failed: (error) => failures.push(error),
      frontOf: async () => new Uint8Array(0),
    },
    { firstMillis: 1, pauseMillis: 60_000 },
  );
  shop.serve(5);
  await asked;
  shop.serve(4);
  await keeping.end(false);
  assert.equal(await requestsIn(keeping.file), 9);
  assert.deepEqual(await readdir(folder), [basename(keeping.file)], "nothing half is left");
  assert.deepEqual(failures, []);
});

test("without a request there is nothing to keep", async () => {
  const { keeper, failures } = openWindow();
  const shop = new Running();
  keeper.begin(shop);
  await keeper.ended(shop);
  assert.equal(existsSync(folder), false);
  const { left, files } = openWindow().keeper;
  assert.equal(existsSync(left ?? ""), false);
  assert.deepEqual([await files.list(), failures], [[], []]);
});

test("a storage that takes nothing is said once the recording has ended, and the recording stays", async () => {
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(folder, "a file stands in its place");
  const { keeper, failures } = openWindow();
  const shop = new Running("shop");
  keeper.begin(shop);
  shop.serve(2);
  await keeper.ended(shop);
  assert.deepEqual(
    failures.map(({ title, ended }) => [title, ended]),
    [["shop", true]],
  );
  assert.equal(shop.profile().windows.length, 1);
  assert.deepEqual(await keeper.files.list(), []);
  assert.equal(await readFile(folder, "utf8"), "a file stands in its place");
});

test("one of another time that is saved goes, and shows where it stands now", async () => {
  const before = openWindow().keeper;
  const shop = new Running();
  before.begin(shop);
  shop.serve(1);
  await before.ended(shop);
  const { keeper } = openWindow();
  const target = join(dirname(folder), "mine.darcy");
  await keeper.moved(keeper.left ?? "", target);
  assert.equal(keeper.left, target);
  assert.deepEqual(await keeper.files.list(), []);
  assert.equal(openWindow().keeper.left, target);
});

test("a few are kept, and none for ever; what is not ours stays", async () => {
  const files = new KeptFiles(folder);
  await files.make();
  const put = async (name: string, days: number) => {
    await writeFile(join(folder, name), name);
    const at = Date.now() / 1_000 - days * 86_400;
    await utimes(join(folder, name), at, at);
  };
  for (let days = 1; days <= MOST_KEPT + 2; days++) await put(`${days}.darcy`, days);
  await put("other.txt", 400);
  await put(".0.darcy.1.part", 2);
  await put(".1.darcy.1.part", 0.5);
  await files.sweep();
  assert.deepEqual((await readdir(folder)).sort(), [
    ".1.darcy.1.part",
    ...Array.from({ length: MOST_KEPT }, (_, at) => `${at + 1}.darcy`),
    "other.txt",
  ]);
  await put("1.darcy", MOST_DAYS + 1);
  await put("2.darcy", MOST_DAYS + 1);
  await files.sweep(join(folder, "1.darcy"));
  assert.deepEqual(
    (await files.list()).map((file) => basename(file)),
    ["3.darcy", "4.darcy", "5.darcy", "1.darcy"],
    "the panel's stays",
  );
});

test("what a window before this one still writes is waited for, as long as that runs", async () => {
  const before = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const file = join(folder, "late.darcy");
  void memory.update("darcy.last", { file, by: before.pid });
  const late = openWindow().keeper.findLeft();
  await mkdir(folder, { recursive: true });
  await writeFile(file, "late");
  assert.equal(await late, file);
  await rm(file);
  const never = openWindow().keeper.findLeft();
  before.stdin.end();
  assert.equal(await never, null);
  assert.equal(await openWindow().keeper.findLeft(), null);
});

test("memory that was not kept by us is nothing", () => {
  for (const odd of [null, 7, {}, ["a"], "text", { file: 7 }]) {
    void memory.update("darcy.last", odd);
    assert.equal(openWindow().keeper.left, null);
  }
});
