// VS Code tests: the entry that the extension host runs. Which suites, and where the results go, is in the environment.

import { writeFileSync } from "node:fs";
import Mocha from "mocha";

const SUITES: Readonly<Record<string, () => Promise<unknown>>> = {
  activation: () => import("./activation.ts"),
  commands: () => import("./commands.ts"),
  liveReport: () => import("./liveReport.ts"),
  panelHost: () => import("./panelHost.ts"),
  profile: () => import("./profile.ts"),
  problems: () => import("./problems.ts"),
  starting: () => import("./starting.ts"),
  tasks: () => import("./tasks.ts"),
  launching: () => import("./launching.ts"),
  sessions: () => import("./sessions.ts"),
  restricted: () => import("./restricted.ts"),
};

interface Outcome {
  readonly title: string;
  readonly millis: number;
  readonly error: string | null;
}

export async function run(): Promise<void> {
  const outcomes: Outcome[] = [];
  const results = process.env.DARCY_TEST_RESULTS;
  if (results === undefined) throw new Error("DARCY_TEST_RESULTS names no file.");
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 120_000,
    reporter: function Silent() {} as unknown as string,
  });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  for (const name of (process.env.DARCY_TEST_SUITES ?? "").split(",")) {
    const load = SUITES[name];
    if (load === undefined) throw new Error(`There is no suite "${name}".`);
    await load();
  }
  await new Promise<void>((done) => {
    const runner = mocha.run(() => done());
    runner.on("pass", (test) =>
      outcomes.push({ title: test.fullTitle(), millis: test.duration ?? 0, error: null }),
    );
    runner.on("fail", (test, error: Error) =>
      outcomes.push({
        title: test.fullTitle(),
        millis: test.duration ?? 0,
        error: error.stack ?? String(error),
      }),
    );
  });
  writeFileSync(results, JSON.stringify(outcomes));
  const failed = outcomes.filter(({ error }) => error !== null).length;
  if (failed > 0) throw new Error(`${failed} failed`);
}
