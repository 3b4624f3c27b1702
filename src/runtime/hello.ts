// Runtime: what a measured thread says first: who it is, and which probes run.

import { threadId } from "node:worker_threads";
import type { HelloMessage } from "../protocol/wire.ts";
import { WIRE_VERSION } from "../protocol/wire.ts";
import type { Environment } from "./environment.ts";

export function helloOf(
  { session, peer }: Environment,
  probes: readonly { readonly name: string }[],
  unavailable: HelloMessage["unavailable"],
): HelloMessage {
  return {
    type: "hello",
    version: WIRE_VERSION,
    secret: session.secret,
    peer,
    pid: process.pid,
    parentPid: process.ppid,
    threadId,
    node: process.version,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    cwd: process.cwd(),
    argv: process.argv.slice(0, 64).map((word) => word.slice(0, 1024)),
    execArgv: process.execArgv.slice(0, 64).map((word) => word.slice(0, 1024)),
    probes: probes.map(({ name }) => name),
    unavailable,
  };
}
