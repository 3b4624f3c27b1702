// Of the public servers those whose packages are here anyway, on one worker. All of them, on two workers, too:
// npm run fidelity -- public.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { NODES } from "../runtime/recordProgram.ts";
import { PUBLIC_CASES } from "./public/cases.ts";
import { compareSides } from "./public/compareSides.ts";
import { runServer } from "./public/server.ts";
import { startUpstream, type Upstream } from "./public/upstream.ts";

const folder = join(import.meta.dirname, "public/programs");

describe("A public server, with and without", () => {
  let upstream: Upstream;
  before(async () => {
    upstream = await startUpstream();
  });
  after(() => upstream.stop());

  // Another on each Node: the whole suite has them all.
  for (const [at, [name, node]] of NODES.entries()) {
    const each = PUBLIC_CASES.filter((one) => one.name === ["ws", "undici"][at % 2])[0];
    assert.ok(each !== undefined);
    it(`is the same: ${each.name} on Node ${name}`, async () => {
      const { environment } = upstream;
      assert.deepEqual(
        await compareSides((side) => runServer(each, side, { node, folder, environment }), ["single"]),
        [],
      );
    });
  }
});
