// Rests, probe by probe: what ends one and what does not, whose functions stand there, and when windows without inlining open.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { fixture, NODES, recordProgram, root } from "./recordProgram.ts";

const rest = { firstMillis: 900, spellMillis: 900, restMillis: 2_500 };
const SAMPLING = { heapWindowMillis: 0 };
/** A rest is so much shorter at most. */
const LEAST_REST_MILLIS = rest.restMillis * 0.7;
/** Node tells of ES modules. */
const tellsOfEsm = (name: string) => !/^v?20\b/.test(name);

for (const [name, node] of NODES) {
  describe(`rests' probes on Node ${name}`, () => {
    const loads = async (environment: NodeJS.ProcessEnv) => {
      const { stdout, stderr } = await recordProgram(
        node,
        [fixture("restLoads.cjs")],
        { MILLIS: "6000", ...environment },
        SAMPLING,
        rest,
      );
      assert.equal(stderr, "");
      return JSON.parse(stdout) as { longest: number; isOurs: boolean | null };
    };

    it("rest on while a request asks for files that are loaded, or only for where they are", async (test) => {
      const { longest } = await loads({});
      test.diagnostic(`${longest} ms`);
      assert.ok(longest > LEAST_REST_MILLIS - 100, `${longest} ms`);
    });

    for (const file of ["taken.cjs", "taken.mjs"]) {
      const skip = file.endsWith(".mjs") && !tellsOfEsm(name);
      it(`end before ${file} runs`, { skip }, async () => {
        assert.equal((await loads({ TAKES: file })).isOurs, true);
      });
    }

    it("leave one stand-in of ours where children are made, and a session's end none", async () => {
      const args = [fixture("restSpawn.mjs")];
      const session = await Session.open({
        command: [node, ...args],
        cwd: root,
        workers: 1,
        topology: "single",
        warmupMs: 0,
        sampling: { ...DEFAULT_SAMPLING, ...SAMPLING },
        rest,
        distFolder: `${root}dist`,
        nodePath: node,
        baseEnvironment: process.env,
      });
      const server = spawn(node, args, { env: session.environment, stdio: ["pipe", "pipe", "ignore"] });
      const told = text(server.stdout);
      try {
        for (let windows = 0; windows < 2 || !session.resting; windows++) await once(session, "window");
        while (session.resting) await once(session, "window");
      } finally {
        await session.close();
        server.stdin.end();
      }
      assert.deepEqual(JSON.parse(await told), { ownInSpells: 1, inRests: 1, atEnd: false });
    });

    it("open no window without inlining in a spell's first three seconds", async (test) => {
      const sampling = { heapWindowMillis: 200, heapWindowPauseMillis: 1_000 };
      const spells = { firstMillis: 3_000, spellMillis: 6_000, restMillis: 2_000 };
      const { profile } = await recordProgram(
        node,
        [fixture("rest.mjs")],
        { MILLIS: "14000" },
        sampling,
        spells,
      );
      let begun = profile.startedMicros;
      let end = begun;
      const early: number[] = [];
      const late: number[] = [];
      for (const { startMicros, endMicros, own } of profile.windows) {
        if (startMicros - end > 100_000 && end > profile.startedMicros) begun = startMicros;
        end = endMicros;
        if (own.heapWindowMicros > 0 && begun > profile.startedMicros)
          (endMicros - begun < 3e6 ? early : late).push(endMicros - begun);
      }
      test.diagnostic(JSON.stringify({ early, late }));
      assert.deepEqual(early, []);
      assert.ok(late.length > 0, "no window was open");
    });
  });
}
