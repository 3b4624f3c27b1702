// Unit tests: clocks that are set while a recording goes on.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Clock } from "../../src/collector/clock.ts";
import { PeerClock } from "../../src/collector/peerClock.ts";
import { Session } from "../../src/collector/session.ts";
import { validateProfile } from "../../src/collector/validateProfile.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { emptyWindow, ScriptedPeer } from "./scriptedPeer.ts";

const HOUR_MICROS = 3_600e6;
const NOW = 1_800_000_000_000_000;

test("the clock of a recording begins at the wall's and is not set with it", () => {
  let [wallMs, monotonicMs] = [5_000_000, 1_000];
  const clock = new Clock(
    () => monotonicMs,
    () => wallMs,
  );
  assert.equal(clock.nowMicros(), 5_000_000_000);
  monotonicMs += 250;
  wallMs -= 3_600_000;
  assert.equal(clock.nowMicros(), 5_000_250_000);
});

test("a process that started after the clock was set is placed by when its windows come", () => {
  for (const step of [-30 * 24 * HOUR_MICROS, -20e6, 20e6, 30 * 24 * HOUR_MICROS]) {
    const clock = new PeerClock(NOW);
    const first = clock.place(emptyWindow(0, { endMicros: NOW + step }), NOW);
    assert.equal(first.endMicros, NOW);
    assert.equal(first.startMicros, NOW - 500_000);
    const later = clock.place(emptyWindow(1, { endMicros: NOW + step + 600_000 }), NOW + 700_000);
    assert.equal(later.endMicros, NOW + 600_000);
  }
});

test("a window that comes a little late stays where it is", () => {
  const clock = new PeerClock(NOW);
  const window = emptyWindow(0, { endMicros: NOW });
  assert.equal(clock.place(window, NOW + 3e6), window);
});

test("windows of another day than the recording's are refused", () => {
  const clock = new PeerClock(NOW);
  clock.place(emptyWindow(0, { endMicros: NOW }), NOW);
  for (const endMicros of [NOW + 2 * HOUR_MICROS, NOW - 2 * HOUR_MICROS])
    assert.throws(() => clock.place(emptyWindow(1, { endMicros }), NOW), RangeError);
  assert.throws(
    () => clock.place({ ...emptyWindow(1, { endMicros: NOW }), startMicros: 0 }, NOW),
    RangeError,
  );
});

test("a recording over a clock that is set is whole, says so, and can be read again", async () => {
  const session = await Session.open({
    command: ["node"],
    cwd: "/",
    workers: 2,
    topology: "auto",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: "/",
    nodePath: process.execPath,
    baseEnvironment: {},
  });
  const requests = { routes: [[0, "GET", "/"]], requests: [[0, 5, 5, [[1, 5]]]] } as const;
  const before = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  before.send(emptyWindow(0, requests));
  await once(session, "window");
  const after = await ScriptedPeer.welcome(session.environment, { pid: 4_000_002, peer: 1 });
  // Two days later by its clock, which was set before it started.
  const endMicros = Date.now() * 1_000 + 48 * HOUR_MICROS;
  after.send(emptyWindow(0, { ...requests, endMicros }));
  await once(session, "window");
  const profile = await session.close();
  assert.deepEqual(validateProfile(JSON.parse(JSON.stringify(profile))), profile);
  assert.equal(profile.windows.length, 2);
  assert.ok(profile.windows.every((window) => window.endMicros < profile.endedMicros + 5e6));
  assert.match(profile.notices.map(({ text }) => text).join(), /The clock was set before process 4000002/);
});
