// Rests that end before their time: rates are the client's also where a server is started anew in one, or one thread alone wakes.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Session } from "../../src/collector/session.ts";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { PacedClient } from "./pacedClient.ts";
import { fixture, NODES, root } from "./recordProgram.ts";

const REST = { firstMillis: 3_000, spellMillis: 3_000, restMillis: 10_000 };
/** Of the rate, both ways. */
const NEAR = 0.05;

class Recorded {
  readonly client = new PacedClient();
  private server: ChildProcess | null = null;

  private constructor(
    readonly session: Session,
    private readonly node: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly program: string,
  ) {}

  static async open(
    node: string,
    environment: NodeJS.ProcessEnv = {},
    program = "restServer.cjs",
  ): Promise<Recorded> {
    const session = await Session.open({
      command: [node],
      cwd: root,
      workers: 1,
      topology: "single",
      warmupMs: 60_000,
      sampling: { ...DEFAULT_SAMPLING, heapWindowMillis: 0 },
      rest: REST,
      distFolder: `${root}dist`,
      nodePath: node,
      baseEnvironment: { ...process.env, ...environment },
    });
    return new Recorded(session, node, session.environment, program);
  }

  /** As `serve`; the recording begins when the server has warmed up. */
  async start(): Promise<() => Promise<void>> {
    const end = await this.serve();
    await this.client.more(50);
    await this.session.startMeasuring();
    return end;
  }

  /** @returns ends the client's asking */
  async serve(): Promise<() => Promise<void>> {
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    this.server = spawn(this.node, [fixture(this.program)], { env: this.environment, stdio: [...stdio] });
    const [port] = await once(this.server, "message");
    while (this.session.resting) await once(this.session, "workers");
    return this.client.ask(port as number);
  }

  async kill(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  }

  async rests(): Promise<void> {
    while (!this.session.resting) await once(this.session, "window");
  }

  async close(): Promise<Profile> {
    const profile = await this.session.close();
    await this.kill();
    this.client.close();
    return profile;
  }
}

for (const [name, node] of NODES) {
  describe(`rates over rests that end early, on Node ${name}`, () => {
    const near = (profile: Profile, client: PacedClient, test: { diagnostic(text: string): void }) => {
      const { requests, measuredShare, durationMs } = toReport(profile);
      test.diagnostic(
        `${requests.perSecond} of ${client.perSecond} a second, ${measuredShare} of ${durationMs / (measuredShare ?? 1)} ms`,
      );
      assert.ok(requests.total < client.answered * 0.97, `${requests.total} of ${client.answered}`);
      assert.ok(
        Math.abs(requests.perSecond / client.perSecond - 1) < NEAR,
        `${requests.perSecond} of ${client.perSecond}`,
      );
    };

    it("are the client's where the server is started anew in them", async (test) => {
      const recorded = await Recorded.open(node);
      const { client } = recorded;
      let end = await recorded.start();
      for (let restarts = 0; restarts < 3; restarts++) {
        await recorded.rests();
        await client.more(200);
        await end();
        await recorded.kill();
        end = await recorded.serve();
      }
      await recorded.rests();
      await end();
      const profile = await recorded.close();
      assert.equal(profile.rests?.length, 4);
      near(profile, client, test);
    });

    it("know what a server took as it loaded, that was started anew in them", async () => {
      const recorded = await Recorded.open(node, {}, "restModules.mjs");
      const { client } = recorded;
      let end = await recorded.start();
      await recorded.rests();
      await end();
      await recorded.kill();
      const before = client.answered;
      end = await recorded.serve();
      await client.more(100);
      await end();
      const asked = client.answered - before;
      const { windows, operations } = await recorded.close();
      const newest = windows.at(-1)?.worker;
      const joined = windows
        .filter(({ worker }) => worker === newest)
        .flatMap(({ cells }) => cells)
        .filter(([operation]) => {
          const { kind, callee } = operations[operation] ?? {};
          return kind === "concat" && callee === "Buffer.concat";
        })
        .reduce((sum, [, , count]) => sum + count, 0);
      assert.equal(joined, asked);
    });

    it("are the client's where one process alone wakes: all do", async (test) => {
      const recorded = await Recorded.open(node, { CHILD: "1" });
      const { client } = recorded;
      const end = await recorded.start();
      for (let rests = 0; rests < 3; rests++) {
        await recorded.rests();
        while (recorded.session.resting) await client.more(1);
      }
      await client.more(50);
      await end();
      const profile = await recorded.close();
      for (const { fromMicros, toMicros } of profile.rests ?? [])
        assert.ok(toMicros - fromMicros < 2_000_000, `${toMicros - fromMicros} µs`);
      near(profile, client, test);
    });
  });
}
