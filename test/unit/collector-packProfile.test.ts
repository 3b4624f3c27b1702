// Unit tests: a recording packed in slices is what it is in one piece; others get their turn between them; it can be ended.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { packProfile } from "../../src/collector/packProfile.ts";
import type { Profile } from "../../src/model/profile.ts";
import { knownRun } from "./knownPair.ts";

const PROFILE = knownRun({ copied: 4_000, handOffs: 2 });
/** Some MB: many slices. */
const LARGE: Profile = { ...PROFILE, windows: Array.from({ length: 600 }, () => PROFILE.windows).flat() };

test("it unpacks to the recording's JSON, however large", async () => {
  for (const profile of [PROFILE, { ...LARGE, lockKeys: [] }, { ...PROFILE, windows: [] }])
    assert.equal(gunzipSync(await packProfile(profile)).toString(), JSON.stringify(profile));
  const odd = { ...PROFILE, commit: undefined } as unknown as Profile;
  assert.equal(gunzipSync(await packProfile(odd)).toString(), JSON.stringify(odd));
});

test("others get their turn between the slices", async () => {
  let turn = 0;
  let packing = true;
  const next = () => {
    turn += 1;
    if (packing) setImmediate(next);
  };
  setImmediate(next);
  const turns = new Set<number>();
  const windows = LARGE.windows.map((window) => ({
    ...window,
    toJSON: () => {
      turns.add(turn);
      return window;
    },
  }));
  await packProfile({ ...LARGE, windows });
  packing = false;
  const slices = JSON.stringify(LARGE).length / (256 * 1024);
  assert.ok(slices > 5, `${slices} slices`);
  assert.ok(turns.size >= Math.floor(slices / 2), `${turns.size} turns for ${slices} slices`);
});

test("it ends early when it is told so", async () => {
  const ending = new AbortController();
  let made = 0;
  const windows = LARGE.windows.map((window) => ({
    ...window,
    toJSON: () => {
      made += 1;
      ending.abort();
      return window;
    },
  }));
  await assert.rejects(packProfile({ ...LARGE, windows }, ending.signal), { name: "AbortError" });
  assert.ok(made < windows.length, `${made} of ${windows.length}`);
});
