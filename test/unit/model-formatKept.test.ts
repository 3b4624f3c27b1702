// What stays of a site's objects and what collecting them costs, in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptWords, notableWords, pauseWords } from "../../src/model/formatKept.ts";
import type { Hotspot } from "../../src/protocol/report.ts";

const kept = { share: 0.5, bytesPerRequest: 2_048, samples: 400, relativeError: 0.12 };
const pauses = {
  youngMicrosPerRequest: 10,
  fullMicrosPerRequest: 2,
  fullBasis: "kept bytes",
} as const satisfies Hotspot["pauses"];
/** Digits and words; how spaces and units are set is for test/unit/model-format.test.ts. */
const plain = (text: string | null) => text?.replace(/[\s\u2009\u202f]+/g, "") ?? null;

test("what stays has a share, bytes a request and its error", () => {
  assert.equal(plain(keptWords({ kept })), "50%inuseafter0.25s,2.0KBarequest(±12%)");
  assert.equal(
    plain(keptWords({ kept: { ...kept, samples: 3, relativeError: null } })),
    "50%inuseafter0.25s,2.0KBarequest(fewsamples)",
  );
  assert.equal(keptWords({ kept: null }), null);
  assert.equal(keptWords({}), null);
  assert.match(keptWords({ kept: { ...kept, share: 0, samples: 0, relativeError: null } }) ?? "", /^garbage/);
});

test("pauses tell the young generation's from the whole heap's, and by what the latter are charged", () => {
  assert.equal(
    plain(pauseWords({ pauses })),
    "12.0µsarequest(younggeneration10.0µs,wholeheap2.0µsbywhatstays)",
  );
  assert.match(pauseWords({ pauses: { ...pauses, fullBasis: "bytes" } }) ?? "", /by bytes/);
  assert.equal(pauseWords({}), null);
  assert.equal(pauseWords({ pauses: { ...pauses, youngMicrosPerRequest: null } }), null);
});

test("a list says it only of sites that keep something or cost collections", () => {
  const spot = { kept, pauses, impactMicrosPerRequest: 20 } as unknown as Hotspot;
  assert.match(notableWords(spot) ?? "", /in use.*; collections /);
  assert.equal(notableWords({ ...spot, kept: { ...kept, share: 0.01 }, impactMicrosPerRequest: 100 }), null);
});
