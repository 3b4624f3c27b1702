// Tests: the front of a recording's file says to the last digit what the recording itself does.

import assert from "node:assert/strict";
import { openFront } from "../../src/collector/front.ts";
import { readPacked, unpackProfile } from "../../src/collector/profileFile.ts";
import { listed } from "../../src/recording/analysis/listed.ts";
import { figuresOf } from "../../src/recording/figures.ts";

export async function assertSameFront(file: string): Promise<void> {
  const packed = await readPacked(file);
  const front = await openFront(packed);
  assert.ok(front !== null, `${file} has a front that counts`);
  const profile = await unpackProfile(file, packed);
  const { report, series, scope, texts, others } = listed(figuresOf(profile, 0));
  assert.deepEqual(
    {
      report: front.report,
      series: front.series,
      scope: front.scope,
      texts: front.texts,
      others: await front.others(),
    },
    { report, series, scope, texts, others },
  );
  assert.equal(front.cwd, profile.cwd);
  assert.equal(front.elapsedMs, (profile.endedMicros - profile.startedMicros) / 1_000);
}
