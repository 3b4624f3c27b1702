// Tests: a PostgreSQL and a Redis of our own, each in a temporary folder, on a free port and a Unix socket; and an
// HTTP server that programs ask. Installed by apt where they are missing and that is allowed.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const START_DEADLINE_MS = 60_000;
const isRoot = process.getuid?.() === 0;

export interface Service {
  readonly environment: NodeJS.ProcessEnv;
  /** Forgets all data, before a server starts. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}
/** A string says why there is none. */
export type Found = Service | string;

export async function startPostgres(): Promise<Found> {
  const folder = postgresFolder() ?? (installed("postgresql") ? postgresFolder() : null);
  if (folder === null)
    return "no PostgreSQL on this machine: install it (apt-get install postgresql), or run as root";
  // PostgreSQL refuses to run as root.
  const owner = isRoot ? (idsOf("postgres") ?? idsOf("nobody")) : {};
  if (owner === null) return "PostgreSQL refuses to run as root, and there is no user postgres or nobody";
  const data = temporaryFolder("pg", owner);
  const made = spawnSync(
    join(folder, "initdb"),
    ["-D", join(data, "data"), "-U", "darcy", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    {
      ...owner,
      cwd: data,
      encoding: "utf8",
    },
  );
  if (made.status !== 0) return `initdb failed: ${made.stderr}`;
  const port = await freePort();
  const words = [
    "-D",
    join(data, "data"),
    "-k",
    data,
    "-p",
    String(port),
    "-F",
    "-c",
    "listen_addresses=127.0.0.1",
  ];
  const child = spawn(join(folder, "postgres"), [...words, "-c", "max_connections=100"], {
    ...owner,
    cwd: data,
    stdio: "ignore",
  });
  const psql = (text: string) =>
    spawnSync(
      join(folder, "psql"),
      ["-h", data, "-p", String(port), "-U", "darcy", "-d", "postgres", "-qAtc", text],
      { encoding: "utf8" },
    );
  await untilReady("PostgreSQL", child, () => psql("select 1").status === 0);
  let databases = 0;
  const environment: NodeJS.ProcessEnv = { POSTGRES_SOCKETS: data, POSTGRES_PORT: String(port) };
  return {
    environment,
    async empty() {
      const name = `run${++databases}`;
      const { status, stderr } = psql(`create database ${name}`);
      if (status !== 0) throw new Error(`no database: ${stderr}`);
      environment.POSTGRES = `postgres://darcy@127.0.0.1:${port}/${name}`;
    },
    // A fast shutdown.
    stop: () => stopped(child, "SIGINT", data),
  };
}

export async function startRedis(): Promise<Found> {
  const binary = onPath("redis-server") ?? (installed("redis-server") ? onPath("redis-server") : null);
  if (binary === null)
    return "no Redis on this machine: install it (apt-get install redis-server), or run as root";
  const data = temporaryFolder("redis", {});
  const port = await freePort();
  const words = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    data,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const child = spawn(binary, words, { cwd: data, stdio: "ignore" });
  await untilReady("Redis", child, async () => (await commanded(port, "PING")) === "+PONG");
  return {
    environment: { REDIS: `redis://127.0.0.1:${port}` },
    async empty() {
      await commanded(port, "FLUSHALL");
    },
    stop: () => stopped(child, "SIGTERM", data),
  };
}

function postgresFolder(): string | null {
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions)
    ? readdirSync(versions)
        .sort((one, other) => Number(other) - Number(one))
        .map((version) => join(versions, version, "bin"))
    : [];
  const folders = [...newest, ...(process.env.PATH ?? "").split(delimiter)];
  return (
    folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ??
    null
  );
}

function onPath(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** By apt, as root; its own service is not started by us and not used. */
function installed(name: string): boolean {
  if (!isRoot || onPath("apt-get") === null) return false;
  console.log(`Installing ${name} ...`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const apt = (...words: string[]) =>
    spawnSync("apt-get", ["-qq", ...words], { env: environment, stdio: "ignore" }).status === 0;
  const install = () => apt("install", "-y", "--no-install-recommends", name);
  return install() || (apt("update") && install());
}

function idsOf(user: string): { uid: number; gid: number } | null {
  const [uid, gid] = ["-u", "-g"].map((which) => spawnSync("id", [which, user], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function temporaryFolder(name: string, owner: { uid?: number; gid?: number }): string {
  const folder = mkdtempSync(join(tmpdir(), `darcy-${name}-`));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(
  name: string,
  child: ChildProcess,
  ready: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + START_DEADLINE_MS;
  while (!(await ready())) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with ${child.exitCode} for ${userInfo().username}`);
    if (performance.now() > end) throw new Error(`${name} did not start`);
    await delay(50);
  }
}

function commanded(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(`${command}\r\n`));
    socket.on("error", () => resolve(""));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(String(data).trim());
    });
  });
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}
