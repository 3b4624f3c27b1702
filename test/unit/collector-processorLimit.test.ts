// Quotas of control groups as they look in containers and on hosts.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  availableCores,
  processorQuota,
  type ReadText,
  workersThatFit,
} from "../../src/collector/processorLimit.ts";

const files =
  (entries: Readonly<Record<string, string>>): ReadText =>
  (path) =>
    entries[path] ?? null;
const VERSION_2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

test("a container with a namespace of its own (version 2)", () => {
  const read = files({
    "/proc/self/cgroup": "0::/\n",
    "/proc/self/mountinfo": VERSION_2,
    "/sys/fs/cgroup/cpu.max": "150000 100000\n",
  });
  assert.equal(processorQuota(read), 1.5);
  assert.equal(availableCores(read, 8), 1.5);
  assert.equal(availableCores(read, 1), 1);
});

test("the smallest quota on the way up counts", () => {
  const read = files({
    "/proc/self/cgroup": "0::/system.slice/app.service/inner\n",
    "/proc/self/mountinfo": VERSION_2,
    "/sys/fs/cgroup/system.slice/app.service/inner/cpu.max": "max 100000\n",
    "/sys/fs/cgroup/system.slice/app.service/cpu.max": "400000 100000\n",
    "/sys/fs/cgroup/system.slice/cpu.max": "20000 10000\n",
  });
  assert.equal(processorQuota(read), 2);
});

test("version 1, mounted from the container's own group on", () => {
  const read = files({
    "/proc/self/cgroup": "7:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n",
    "/proc/self/mountinfo": [
      "40 35 0:30 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
      "41 35 0:31 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
    ].join("\n"),
    "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "250000\n",
    "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
  });
  assert.equal(processorQuota(read), 2.5);
});

test("no limit, no files, broken files", () => {
  const unlimited = { "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": VERSION_2 };
  assert.equal(processorQuota(files({})), null);
  assert.equal(processorQuota(files(unlimited)), null);
  assert.equal(processorQuota(files({ ...unlimited, "/sys/fs/cgroup/cpu.max": "max 100000" })), null);
  assert.equal(processorQuota(files({ ...unlimited, "/sys/fs/cgroup/cpu.max": "?" })), null);
  assert.equal(processorQuota(files({ ...unlimited, "/sys/fs/cgroup/cpu.max": "0 0" })), null);
  const version1 = files({
    "/proc/self/cgroup": "4:cpu:/\n",
    "/proc/self/mountinfo": "41 35 0:31 / /cg/cpu rw - cgroup cgroup rw,cpu",
    "/cg/cpu/cpu.cfs_quota_us": "-1",
    "/cg/cpu/cpu.cfs_period_us": "100000",
  });
  assert.equal(processorQuota(version1), null);
  assert.equal(availableCores(version1, 4), 4);
});

test("as many workers as whole processors, and one at least", () => {
  assert.deepEqual([0.4, 1, 1.5, 8].map(workersThatFit), [1, 1, 1, 8]);
});
