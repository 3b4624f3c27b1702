// Node's own modules are patched when the user's code asks for them, whichever way, and not loaded before.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { exactAmounts, fixture, NODES, type Run, recordProgram } from "./recordProgram.ts";

const WAYS = [
  ["require", "required.cjs", "crypto.randomBytes"],
  ["a static import", "import.mjs", "crypto.randomBytes"],
  ["a dynamic import", "dynamic.mjs", "crypto.randomBytes"],
  ["process.getBuiltinModule", "given.cjs", "crypto.randomBytes"],
  ["globalThis.crypto", "global.cjs", "crypto.subtle.digest"],
  ["fs.promises", "promises.cjs", "fs.promises.readFile"],
  ["a require of fs/promises", "promises-module.cjs", "fs.promises.readFile"],
  ["imports of fs and fs/promises", "promises-import.mjs", "fs.promises.readFile"],
] as const;

async function run(node: string, file: string): Promise<Run> {
  const told = await recordProgram(node, [fixture(`builtins/${file}`)]);
  assert.equal(told.code, 0, told.stderr);
  assert.equal(told.stderr, "");
  return told;
}

const jobsOf = ({ profile }: Run, callee: string) =>
  exactAmounts(profile, ["round trip"])[`round trip ${callee}`]?.count ?? 0;

for (const [name, node] of NODES) {
  const { registerHooks, getBuiltinModule } = abilities(node);
  describe(`Node's modules on ${name}`, () => {
    for (const [way, file, callee] of WAYS) {
      // Without the hooks Node's own loader reads modules by what we measure, ours among them.
      const skip =
        (way === "process.getBuiltinModule" && !getBuiltinModule) ||
        (way.startsWith("imports of fs") && !registerHooks);
      it(`are measured after ${way}`, { skip }, async () => {
        assert.equal(jobsOf(await run(node, file), callee), 3);
      });
    }

    it("leave globalThis.crypto as it was", async () => {
      const { stdout } = await run(node, "global.cjs");
      const properties = ["length", "name", "prototype"];
      assert.deepEqual(JSON.parse(stdout), ["get crypto", 0, properties, null, true, true]);
    });

    it("leave fs.promises as it was", async () => {
      const { stdout } = await run(node, "promises.cjs");
      const plain = execFileSync(node, [fixture("builtins/promises.cjs")], { encoding: "utf8" });
      assert.equal(stdout, plain);
    });

    it("are measured once Node has loaded them for itself", async () => {
      const told = await run(node, "fetched.cjs");
      assert.deepEqual(JSON.parse(told.stdout), ["hello", "hello", "hello"]);
      const jobs = jobsOf(told, "zlib");
      assert.ok(jobs >= 3, `${jobs} jobs`);
    });

    it("are not loaded where nobody asks", { skip: !registerHooks }, async () => {
      const { stdout } = await run(node, "nothing.cjs");
      assert.deepEqual(JSON.parse(stdout), []);
    });
  });
}

function abilities(node: string): Record<"registerHooks" | "getBuiltinModule", boolean> {
  const script = `JSON.stringify({
    registerHooks: "registerHooks" in require("module"),
    getBuiltinModule: "getBuiltinModule" in process,
  })`;
  const text = execFileSync(node, ["-p", script], { encoding: "utf8" });
  return JSON.parse(text) as Record<"registerHooks" | "getBuiltinModule", boolean>;
}
