// Unit tests: a task of type "darcy", whatever tasks.json holds, turns into the right words or into a reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInvocation } from "../../src/cli/arguments.ts";
import { startsServer } from "../../src/commands/targets/packageFile.ts";
import { readRecordTask, settingWords, TaskProblem } from "../../src/commands/tasks/recordWords.ts";

const read = (definition: Record<string, unknown>) =>
  readRecordTask({ type: "darcy", ...definition }, "linux");

test("its options are those of darcy record", () => {
  const { options, script, cwd } = read({
    script: "start",
    cwd: "packages/api",
    workers: "auto",
    topology: "rr",
    load: "/orders?a=-1",
    connections: 4,
    duration: 0.5,
    warmup: 0,
    out: "-odd name.darcy",
  });
  assert.deepEqual([script, cwd], ["start", "packages/api"]);
  const parsed = parseInvocation(["record", ...options, "--", "npm", "run", "start"]);
  assert.ok(parsed.kind === "record");
  assert.deepEqual(
    [
      parsed.topology,
      parsed.load?.target,
      parsed.load?.connections,
      parsed.durationMs,
      parsed.warmupMs,
      parsed.out,
    ],
    ["rr", "/orders?a=-1", 4, 500, 0, "-odd name.darcy"],
  );
});

const SETTINGS = {
  workers: 0,
  topology: "auto",
  stacksPerSecond: 50,
  rests: true,
  followPercent: 0,
} as const;

test("how many requests are followed is the setting's word, and the command line's where that is 0", () => {
  const followed = (followPercent: number) => {
    const parsed = parseInvocation([
      "record",
      ...settingWords({ ...SETTINGS, followPercent }, []),
      "--",
      "node",
    ]);
    return parsed.kind === "record" ? parsed.followedShare : undefined;
  };
  assert.deepEqual([followed(0), followed(10), followed(100)], [null, 0.1, 1]);
});

test("whether by spells is the task's own word, then the setting's, then the command line's", () => {
  const rests = (definition: Record<string, unknown>, set: boolean) => {
    const { options } = read({ script: "start", ...definition });
    const settings = { ...SETTINGS, rests: set };
    const parsed = parseInvocation([
      "record",
      ...settingWords(settings, options),
      ...options,
      "--",
      "npm",
      "start",
    ]);
    return parsed.kind === "record" && parsed.rests;
  };
  const load = { load: "/", duration: 300 };
  assert.deepEqual([rests({}, true), rests({}, false)], [true, false]);
  assert.deepEqual([rests({ rests: false }, true), rests({ rests: true }, false)], [false, true]);
  assert.deepEqual([rests(load, true), rests({ ...load, rests: true }, false)], [false, true]);
});

test("a command is a line for a shell, or words", () => {
  assert.deepEqual(read({ command: "PORT=0 node server.js" }).command, [
    "/bin/sh",
    "-c",
    "PORT=0 node server.js",
  ]);
  assert.deepEqual(read({ command: ["node", "a b.js"] }).command, ["node", "a b.js"]);
  assert.deepEqual(read({ command: ["node"], env: { A: "1" } }).environment, { A: "1" });
});

test("what makes no sense has a reason", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{}, /either "script".* or "command"/],
    [{ script: "a", command: "b" }, /either/],
    [{ script: 3 }, /"script" is to be a text/],
    [{ script: "" }, /"script"/],
    [{ command: [] }, /"command"/],
    [{ command: ["node", 3] }, /"command"/],
    [{ script: "a", env: { A: 1 } }, /"env" is to hold texts; A/],
    [{ script: "a", env: "x" }, /"env"/],
    [{ script: "a", workers: -1 }, /"workers" has a value/],
    [{ script: "a", topology: "all" }, /"topology"/],
    [{ script: "a", load: 1 }, /"load"/],
    [{ script: "a", rests: "no" }, /"rests" has a value/],
    [{ script: "a", rests: 1 }, /"rests" has a value/],
    [{ script: "a", wrokers: 2 }, /wrokers, which Darcy does not know/],
  ];
  for (const [definition, reason] of wrong)
    assert.throws(
      () => read(definition),
      (error) => error instanceof TaskProblem && reason.test(error.message),
      JSON.stringify(definition),
    );
});

test("which scripts start a server", () => {
  for (const [name, line] of [
    ["start", "node ."],
    ["dev", "next dev"],
    ["serve", "tsx watch a.ts"],
    ["start:prod", "node dist/main"],
  ] as const)
    assert.ok(startsServer(name, line), `${name}: ${line}`);
  for (const [name, line] of [
    ["build", "tsc"],
    ["dev", "vite"],
    ["dev", "npx vite --host"],
    ["test", "node --test"],
    ["start", "react-scripts start"],
  ] as const)
    assert.ok(!startsServer(name, line), `${name}: ${line}`);
});
