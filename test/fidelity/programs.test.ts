// Programs that run with and without the preload: nothing differs but what is listed, and all that is listed is seen.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { NODES } from "../runtime/recordProgram.ts";
import { CASES, type Case, ENDINGS } from "./cases.ts";
import { type Difference, differences, onlyOwnFrames } from "./compare.ts";
import { KNOWN_DIFFERENCES, type KnownDifference, OWN_FRAMES } from "./knownDifferences.ts";
import { type Program, Sides } from "./sides.ts";

const WHOLE = process.env.DARCY_FIDELITY === "all";
const ONLY = new RegExp(process.env.DARCY_FIDELITY_CASE ?? "");
const SHOWN = 2_000;

for (const [name, node] of NODES) {
  const major = Number.parseInt(name.replace(/^v/, ""), 10);
  describe(`With and without the preload on Node ${name}`, () => {
    let sides: Sides;
    const seen = new Set<KnownDifference>();
    before(async () => {
      sides = await Sides.open(node);
    });
    after(() => sides.close());

    const same = async (title: string, program: Program) => {
      const found = differences(await sides.plain(program), await sides.measured(program));
      const unknown = found.filter((difference) => {
        const known = knownAs(title, difference, major);
        if (known !== null) seen.add(known);
        return known === null;
      });
      assert.deepEqual(unknown.map(shown), [], `${title}: ${unknown.length} differences`);
    };
    for (const each of CASES.filter(
      (one) => (WHOLE || one.quick) && isFor(one, major) && ONLY.test(one.name),
    ))
      it(`is the same: ${each.name}`, () => same(each.name, each));
    it("ends the same", async () => {
      const listed = (await sides.plain({ args: [ENDINGS, "names"] })).stdout.trim().slice("names: ".length);
      const all = listed.split("|");
      assert.ok(all.length > 30, listed);
      const failures: unknown[] = [];
      for (const ending of WHOLE ? all : all.filter((_, index) => index % 6 === 1))
        await same(`ends: ${ending}`, { args: [ENDINGS, ending], stdin: "from stdin" }).catch(
          (error: unknown) => failures.push(error),
        );
      assert.deepEqual(failures, []);
    });
    it("was measured", () => assert.ok(sides.workers > 0, "no program said hello"));
    if (!WHOLE || ONLY.source !== "(?:)") return;
    it("shows every difference that is listed", () => {
      const stale = KNOWN_DIFFERENCES.filter(
        (known) => known.always !== false && (known.nodes?.includes(major) ?? true) && !seen.has(known),
      );
      assert.deepEqual(
        stale.map(({ what }) => what),
        [],
      );
    });
  });
}

function isFor({ since }: Case, major: number): boolean {
  return since === undefined || major >= since;
}

function knownAs(title: string, difference: Difference, major: number): KnownDifference | null {
  if (onlyOwnFrames(difference)) return OWN_FRAMES;
  const place = `${title}: ${difference.label}`;
  return (
    KNOWN_DIFFERENCES.find(
      ({ where, only, nodes }) =>
        where.test(place) && (only?.(difference) ?? true) && (nodes?.includes(major) ?? true),
    ) ?? null
  );
}

function shown({ label, plain, measured }: Difference): unknown {
  return { label, plain: plain?.slice(0, SHOWN) ?? null, measured: measured?.slice(0, SHOWN) ?? null };
}
