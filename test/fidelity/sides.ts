// Tests: runs a program twice, as it is and under the built preload with a real session, and gives both outcomes.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { normalised } from "./normalised.ts";

export const root = join(import.meta.dirname, "../..");

/** Against a program that hangs. */
const DEADLINE_MS = 240_000;

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** "code 0", "SIGTERM". */
  readonly exit: string;
}
export interface Program {
  /** What Node is given, a file's path included; SCRATCH stands for the run's own folder, as in its environment. */
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly cwd?: string;
}

/** A session that any number of programs run in, one after the other. */
export class Sides {
  private constructor(
    private readonly session: Session,
    private readonly node: string,
    private readonly scratch: string,
  ) {}

  /** @param node path of the Node that the programs run on */
  static async open(node: string): Promise<Sides> {
    const distFolder = join(root, "dist");
    if (!existsSync(join(distFolder, "preload.js"))) throw new Error("Not built: npm run build");
    const session = await Session.open({
      command: [node],
      cwd: root,
      workers: 1,
      topology: "single",
      warmupMs: 0,
      // Far more stacks and windows than a recording takes: what they disturb is to be seen.
      sampling: { ...DEFAULT_SAMPLING, stacksPerSecond: 1_000, windowMillis: 20, heapWindowMillis: 0 },
      distFolder,
      nodePath: node,
      baseEnvironment: baseEnvironment(),
    });
    return new Sides(session, node, await mkdtemp(join(tmpdir(), "darcy-fidelity-")));
  }

  /** Threads that have said hello so far. */
  get workers(): number {
    return this.session.workers.length;
  }

  plain(program: Program): Promise<Outcome> {
    return this.run(program, { ...baseEnvironment(), ...program.environment });
  }

  measured(program: Program): Promise<Outcome> {
    const own = program.environment ?? {};
    const { NODE_OPTIONS: theirs } = own;
    const options = [theirs, this.session.environment.NODE_OPTIONS].filter((text) => text !== undefined);
    return this.run(program, { ...this.session.environment, ...own, NODE_OPTIONS: options.join(" ") });
  }

  async close(): Promise<void> {
    await this.session.close();
    await rm(this.scratch, { recursive: true, force: true });
  }

  private async run({ args, stdin, cwd }: Program, environment: NodeJS.ProcessEnv): Promise<Outcome> {
    const scratch = await mkdtemp(join(this.scratch, "run-"));
    const words = args.map((word) => word.replaceAll("SCRATCH", scratch));
    const child = spawn(this.node, words, {
      cwd: cwd ?? root,
      env: { ...environment, SCRATCH: scratch },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const guard = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
    const [stdout, stderr, exit] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      new Promise<string>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => resolve(signal ?? `code ${code}`));
      }),
    ]);
    clearTimeout(guard);
    const clean = (text: string) => normalised(text, { scratch, node: this.node, pid: child.pid ?? 0 });
    return { stdout: clean(stdout), stderr: clean(stderr), exit };
  }
}

/** Of the machine, without what tests or editors have set for Node. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  const {
    NODE_OPTIONS: _options,
    NODE_V8_COVERAGE: _coverage,
    NODE_TEST_CONTEXT: _context,
    ...rest
  } = process.env;
  return { ...rest, NO_COLOR: "1", TZ: "UTC" };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
