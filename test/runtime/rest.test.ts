// Rests: a server that is measured by spells is measured as exactly in them, and runs with Node's own functions in between.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Session } from "../../src/collector/session.ts";
import { toReport } from "../../src/model/report.ts";
import { scopeOf } from "../../src/model/scope.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { exactAmounts, fixture, NODES, recordProgram, root } from "./recordProgram.ts";

const rest = { firstMillis: 900, spellMillis: 900, restMillis: 700 };
const SAMPLING = { heapWindowMillis: 0 };

interface Told {
  readonly requests: number;
  readonly millis: number;
  readonly functions: number;
  readonly atStart: number;
  readonly descriptors: readonly string[];
  /** Of its own latencies, microseconds. */
  readonly middle: number;
  readonly log: readonly (readonly [micros: number, answers: number, cpuMicros: number])[];
}
/** Long ones are seen to begin at the end of a rest that is longer. */
const longer = { ...rest, restMillis: 1_500 };
const longest = { ...rest, restMillis: 3_000 };
/** Node 20 does not tell of streams. */
const tellsStreams = (name: string) => !/^v?20\b/.test(name);

for (const [name, node] of NODES) {
  describe(`rests on Node ${name}`, () => {
    it("leave what a request costs as it is", async (test) => {
      const program = [fixture("rest.mjs")];
      const { profile, stdout, stderr, code } = await recordProgram(
        node,
        program,
        { MILLIS: "6000" },
        SAMPLING,
        rest,
      );
      assert.equal(code, 0, stderr);
      assert.equal(stderr, "");
      const told = JSON.parse(stdout) as Told;
      const whole = { ...profile, measureFromMicros: profile.startedMicros };
      const report = toReport(whole);
      const share = report.measuredShare ?? 1;
      const spells = profile.windows.filter(
        (window, at) => at > 0 && window.startMicros - (profile.windows[at - 1]?.endMicros ?? 0) > 100_000,
      ).length;
      test.diagnostic(
        `${told.requests} requests, ${report.requests.total} measured, share ${share}, ${spells} rests`,
      );
      assert.ok(spells >= 1, `${spells} rests`);
      assert.ok(share < 1 && share > 0.2, `share ${share}`);
      assert.equal(share, scopeOf(whole).measuredShare);
      assert.ok(report.requests.total < told.requests);
      // A request may begin in a spell and end in a rest, or the other way round.
      const edges = 2 * (spells + 1);
      const amounts = exactAmounts(profile, ["concat", "buffers"]);
      const { total } = report.requests;
      const concats = amounts["concat Buffer.concat"] ?? { count: 0, amount: 0 };
      assert.ok(Math.abs(concats.count - total) <= edges, JSON.stringify({ concats, total }));
      assert.equal(concats.amount, concats.count * 8_192);
      const made = amounts["buffers Buffer.alloc"] ?? { count: 0, amount: 0 };
      assert.ok(Math.abs(made.amount - total * 100_000) <= edges * 100_000, JSON.stringify({ made, total }));
      // Of measured time alone, so that a rest does not thin it.
      const rate = told.requests / (told.millis / 1_000);
      assert.ok(
        report.requests.perSecond > rate / 2 && report.requests.perSecond < rate * 2,
        `${report.requests.perSecond} of ${rate}`,
      );
      // No request is taken for one that began before a rest.
      assert.ok((report.requests.p99Micros ?? 0) < 500_000, `p99 ${report.requests.p99Micros}`);
    });

    it("count long requests for what they do, also those that begin or end in them", async (test) => {
      const long = { MILLIS: "7000", LONGEST: "500", CONNECTIONS: "20" };
      const { profile, stdout } = await recordProgram(node, [fixture("rest.mjs")], long, SAMPLING, rest);
      const { requests } = JSON.parse(stdout) as Told;
      const told = toReport({ ...profile, measureFromMicros: profile.startedMicros }).requests;
      const { total, untimed = 0, p50Micros } = told;
      assert.ok(untimed > 0 && untimed < total, `${untimed} of ${total}`);
      assert.ok((p50Micros ?? 0) > 0);
      const { count = 0 } = exactAmounts(profile, ["concat"])["concat Buffer.concat"] ?? {};
      test.diagnostic(`${count} copies, ${total} of ${requests} requests`);
      assert.ok(total < requests);
      // A third more, if what others did that end in a rest were charged to these.
      assert.ok(Math.abs(count / total / 2 - 1) < 0.12, `${count / total} instead of 2 a request`);
    });

    it("hide no latency of requests that begin in one and end soon after it", async (test) => {
      const long = { MILLIS: "9000", LONGEST: "500", CONNECTIONS: "20" };
      const { profile, stdout } = await recordProgram(node, [fixture("rest.mjs")], long, SAMPLING, longer);
      const { middle } = JSON.parse(stdout) as Told;
      const told = toReport({ ...profile, measureFromMicros: profile.startedMicros }).requests;
      test.diagnostic(`${told.untimed ?? 0} of ${told.total} untimed, p50 ${told.p50Micros} of ${middle}`);
      assert.ok((told.untimed ?? 0) <= told.total * 0.01, `${told.untimed} of ${told.total}`);
      assert.ok(Math.abs((told.p50Micros ?? 0) / middle - 1) < 0.12, `${told.p50Micros} of ${middle}`);
    });

    it("tell what requests cost in them", async (test) => {
      const program = [fixture("rest.mjs")];
      const environment = { MILLIS: "9000", LOG: "1" };
      const { profile, stdout } = await recordProgram(node, program, environment, SAMPLING, longest);
      const { log } = JSON.parse(stdout) as Told;
      const { rests = [] } = profile;
      const told = profile.windows.flatMap(({ startMicros, own: { plain } }) =>
        plain === undefined
          ? []
          : [{ ...plain, rest: rests.findLast((each) => each.fromMicros < startMicros) }],
      );
      assert.ok(told.length >= 1, "nothing told");
      const at = (micros: number) => log.findLast(([each]) => each <= micros) ?? [0, 0, 0];
      for (const { rest, requests, cpuMicros } of told) {
        assert.ok(rest !== undefined);
        // From a quarter of the rest to its middle (see `rest.ts`).
        const millis = rest.toMicros - rest.fromMicros;
        const [, from, fromMicros] = at(rest.fromMicros + millis / 4);
        const [, to, toMicros] = at(rest.fromMicros + millis / 2);
        const each = (toMicros - fromMicros) / (to - from);
        test.diagnostic(`${requests} of ${to - from} requests, ${(cpuMicros ?? 0) / requests} of ${each} µs`);
        assert.ok(Math.abs(requests / (to - from) - 1) < 0.3, `${requests} of ${to - from}`);
        assert.ok(
          Math.abs((cpuMicros ?? 0) / requests / each - 1) < 0.3,
          `${cpuMicros} of ${toMicros - fromMicros}`,
        );
      }
      const { compared } = toReport({ ...profile, measureFromMicros: profile.startedMicros }).selfOverhead;
      // The last spell may end before it has requests enough.
      assert.ok(
        compared && [told.length, told.length - 1].includes(compared.rests),
        JSON.stringify(compared),
      );
      assert.ok(compared.ratio > 0.5 && compared.ratio < 4, `${compared.ratio}`);
    });

    it("leave requests over HTTP/2 alone, too", { skip: !tellsStreams(name) }, async (test) => {
      const program = [fixture("restHttp2.mjs")];
      const { profile, stdout } = await recordProgram(node, program, { MILLIS: "9000" }, SAMPLING, longer);
      const { requests, middle, watched } = JSON.parse(stdout) as Told & { watched: boolean[] };
      const told = toReport({ ...profile, measureFromMicros: profile.startedMicros }).requests;
      const { count = 0 } = exactAmounts(profile, ["concat"])["concat Buffer.concat"] ?? {};
      test.diagnostic(
        `${told.total} of ${requests}, ${told.untimed ?? 0} untimed, ${count} copies, p50 ${told.p50Micros} of ${middle}`,
      );
      assert.equal(watched.length, 2, "looked at all the time");
      assert.ok(told.total < requests && told.total > requests / 4, `${told.total} of ${requests}`);
      assert.ok(Math.abs(count / told.total / 2 - 1) < 0.12, `${count / told.total} instead of 2 a request`);
      assert.ok(Math.abs((told.p50Micros ?? 0) / middle - 1) < 0.12, `${told.p50Micros} of ${middle}`);
      assert.deepEqual(
        told.routes.map(({ route }) => route),
        ["/orders/:id"],
      );
    });

    it("hide nothing of streams and children that were made in one", async () => {
      const program = [fixture("restMade.mjs")];
      const { profile, stdout } = await recordProgram(node, program, { MILLIS: "5000" }, SAMPLING, longer);
      const { written } = JSON.parse(stdout) as { written: number };
      assert.equal(written, 10);
      const amounts = exactAmounts(profile, ["compress", "hand-off"]);
      const { amount: bytes = 0 } = amounts["compress zlib.gzip"] ?? {};
      assert.equal(bytes, written * 10_000, JSON.stringify(amounts));
      assert.equal(amounts["hand-off process.send"]?.count, written, JSON.stringify(amounts));
    });

    it("put Node's own functions back, and ours again", async () => {
      const { stdout } = await recordProgram(node, [fixture("rest.mjs")], { MILLIS: "3000" }, SAMPLING, rest);
      const { functions, atStart, requests, descriptors } = JSON.parse(stdout) as Told;
      assert.equal(functions, 2);
      assert.ok(atStart > 0 && atStart < requests, `${atStart} of ${requests}`);
      assert.equal(descriptors.length, 1, descriptors.join("\n"));
    });

    it("tell of a function that the program replaces in one, and leave it alone", async () => {
      const replacing = { MILLIS: "5000", REPLACES: "1" };
      const { profile, stdout } = await recordProgram(node, [fixture("rest.mjs")], replacing, SAMPLING, rest);
      assert.equal((JSON.parse(stdout) as Told).functions, 2, "its own stays");
      const told = profile.notices.filter(({ text }) => text.includes("Buffer.concat"));
      assert.deepEqual(
        told.map(({ code, severity }) => [code, severity]),
        [["coverage", "warning"]],
      );
    });

    it("end when somebody looks on, and a flush in one is answered", async () => {
      const session = await Session.open({
        command: [node],
        cwd: root,
        workers: 1,
        topology: "single",
        warmupMs: 0,
        sampling: { ...DEFAULT_SAMPLING, ...SAMPLING },
        rest: { ...rest, restMillis: 3_600_000 },
        distFolder: `${root}dist`,
        nodePath: node,
        baseEnvironment: { ...process.env, MILLIS: "3600000" },
      });
      const server = spawn(node, [fixture("rest.mjs")], { env: session.environment, stdio: "ignore" });
      const exited = once(server, "exit");
      try {
        while (!session.resting) await once(session, "window");
        // Its last window is on the way.
        await session.flush();
        const windows = session.snapshot().windows.length;
        const asked = performance.now();
        await session.flush();
        // A worker that owes its window is waited for, a second.
        assert.ok(performance.now() - asked < 900, `${performance.now() - asked} ms`);
        assert.equal(session.snapshot().windows.length, windows);
        assert.ok(session.resting);
        session.watch(true);
        for (let count = 0; count < 6; count++) {
          await once(session, "window");
          assert.ok(!session.resting);
        }
        session.watch(false);
        while (!session.resting) await once(session, "window");
      } finally {
        server.kill();
        await exited;
        await session.close();
      }
    });
  });
}
