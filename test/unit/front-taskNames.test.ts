// Unit tests: which tasks belong to a launch's preLaunchTask: it and what it depends on, whatever tasks.json holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isNamed, namesOfTasks } from "../../src/commands/targets/taskNames.ts";

const TASKS = [
  { label: "all", dependsOn: ["build", "npm: lint"], dependsOrder: "sequence" },
  { label: "build", dependsOn: "clean", command: "tsc" },
  { label: "clean", dependsOn: ["all"] },
  { label: "deploy", dependsOn: ["build"] },
  { label: "by its properties", dependsOn: [{ type: "npm", script: "build" }] },
  { label: "of a variable", dependsOn: ["$" + "{defaultBuildTask}"] },
  { label: "new name", identifier: "old name", dependsOn: ["watch"] },
  { taskName: "of the first version", dependsOn: "watch" },
  null,
  "text",
];
const names = (wanted: unknown, tasks: readonly unknown[] = TASKS) => {
  const found = namesOfTasks(wanted, tasks);
  return found === null ? null : [...found].sort();
};

test("a task, and all that it depends on, once each", () => {
  assert.deepEqual(names("all"), ["all", "build", "clean", "npm: lint"]);
  assert.deepEqual(names("deploy"), ["all", "build", "clean", "deploy", "npm: lint"]);
  assert.deepEqual(names("old name"), ["new name", "old name", "watch"]);
  assert.deepEqual(names("of the first version"), ["of the first version", "watch"]);
  assert.deepEqual(names("npm: build"), ["npm: build"], "it is in no file, so depends on nothing");
});

test("null where labels do not tell", () => {
  assert.equal(names({ type: "npm", script: "build" }), null);
  assert.equal(names(undefined), null);
  assert.equal(names("by its properties"), null);
  assert.equal(names("of a variable"), null);
  assert.equal(names("npm: build", [{ type: "npm", script: "build", dependsOn: ["clean"] }]), null);
  assert.equal(names("build", [{ label: "build", dependsOn: [3] }]), null);
});

test("a task is told by its name, or by that and who contributed it", () => {
  const wanted = namesOfTasks("all", TASKS);
  assert.equal(isNamed({ name: "clean", source: "Workspace" }, wanted), true);
  assert.equal(isNamed({ name: "lint", source: "npm" }, wanted), true);
  assert.equal(isNamed({ name: "lint", source: "gulp" }, wanted), false);
  assert.equal(isNamed({ name: "test", source: "Workspace" }, wanted), false);
  assert.equal(isNamed({ name: "test", source: "Workspace" }, null), true);
});
