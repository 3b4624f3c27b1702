// Chains of copies, against routes whose copies are known by construction.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

const EVERY_REQUEST = { heapWindowMillis: 0, followedShare: 1 };
const source = readFileSync(fixture("chains.mjs"), "utf8").split("\n");
const codeAt = (line: number) => source[line - 1]?.trim() ?? "";

for (const [name, node] of NODES) {
  describe(`chains of copies on Node ${name}`, () => {
    it("are the copies of the same data, and of nothing that is only as long", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(
        node,
        [fixture("chains.mjs")],
        {},
        EVERY_REQUEST,
      );
      assert.equal(code, 0, stderr);
      const { body } = JSON.parse(stdout) as { body: number };
      const { chains } = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      const of = (route: string) => chains.filter((chain) => chain.route === route);
      const told = JSON.stringify(chains, null, 1);

      const [same, ...more] = of("/same");
      assert.ok(same !== undefined && more.length === 0, told);
      assert.ok(same.traced > 0 && same.seen === same.traced, told);
      assert.deepEqual(
        same.stations.map(({ callee, from, copies }) => [callee, from, copies]),
        [
          ["Buffer.toString", null, 1],
          ["JSON.parse", 0, 1],
          ["JSON.stringify", 1, 1],
          ["Buffer.from", 2, 1],
          ["Buffer.copy", 3, 1],
          ["Buffer.toString", 4, 1],
          [same.stations[6]?.callee, 5, 1],
        ],
        told,
      );
      assert.match(same.stations[6]?.callee ?? "", /write|end/);
      assert.deepEqual(
        same.stations.slice(0, 6).map(({ bytesPerRequest }) => bytesPerRequest),
        [body, body, ...new Array<number>(4).fill(body + 32)],
      );
      assert.ok(
        same.stations.every(({ line, kind }) => !/encode/.test(kind) || /Buffer.from|end/.test(codeAt(line))),
      );

      assert.deepEqual(of("/alike"), [], told);

      const [joined] = of("/joined");
      assert.deepEqual(
        joined?.stations.map(({ callee, bytesPerRequest }) => [callee, bytesPerRequest]),
        [
          ["Buffer.from", body],
          ["Buffer.concat", body + 25],
          ["Buffer.from", body],
        ],
        told,
      );
    });

    it("begin where a decoder, a stream or a file makes what is parsed", async () => {
      const program = fixture("chainsDecoded.mjs");
      const { profile, stdout, stderr, code } = await recordProgram(node, [program], {}, EVERY_REQUEST);
      assert.equal(code, 0, stderr);
      const { body } = JSON.parse(stdout) as { body: number };
      const { chains } = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      const told = JSON.stringify(chains, null, 1);
      const stations = (route: string) => {
        const found = chains.find((chain) => chain.route === route)?.stations ?? [];
        return found.map(({ callee, kind, bytesPerRequest }) => [callee, kind, bytesPerRequest]);
      };
      const parsed = ["JSON.parse", "parse", body];
      assert.deepEqual(stations("/encoded"), [["Readable.setEncoding", "decode", body], parsed], told);
      assert.deepEqual(
        stations("/read"),
        [["Readable.read", "concat", body], ["Buffer.toString", "decode", body], parsed],
        told,
      );
      assert.deepEqual(stations("/file"), [["fs.readFile", "decode", body], parsed], told);
      // By lines of express's own.
      assert.deepEqual(
        stations("/express").map(([, ...amounts]) => amounts),
        [
          ["decode", body],
          ["parse", body],
        ],
        told,
      );
    });
  });
}
