// Runtime, symmetric: the parts of net.Server below its public interface that sharing an address needs, in one
// place. `_listen2` is where every overload of listen() ends, after host names are resolved and ports checked;
// Node keeps it under this name for those who wrap it (lib/net.js, setupListenHandle), from 20 to 26.

import { Server } from "node:net";

/** libuv's UV_TCP_REUSEPORT; Node takes it as a flag of bind from 22.12 on. */
export const REUSE_PORT = 2;

export interface ServerHandle {
  readonly fd?: number;
  bind(address: string, port: number, flags?: number): number;
  bind6(address: string, port: number, flags?: number): number;
  listen(backlog: number): number;
  getsockname?(out: { address?: string; family?: string; port?: number }): number;
  close(callback?: () => void): void;
  /** Node's own, set when it listens. */
  onconnection?: (this: ServerHandle, error: number, client: ServerHandle | undefined) => void;
}

export interface ListeningServer extends Server {
  _handle: ServerHandle | null;
  _connectionKey?: string;
  _connections: number;
  /** Grows with every listen() and close(). */
  _listeningId: number;
}

/** Arguments of `_listen2`. */
export type ListenArguments = [
  address: string | null,
  port: number | null,
  addressType: number | null,
  backlog: number,
  fd: number | undefined,
  flags: number | undefined,
];
export type Listen = (this: ListeningServer, ...args: ListenArguments) => void;

type TcpClass = new (type: number) => ServerHandle;
const TCP_SERVER = 1;
const LOOPBACK = "127.0.0.1";

let tcpClass: TcpClass | null | undefined;

/** Node's TCP class has no public name: a server of our own on a free loopback port shows it. */
function findTcpClass(listen: Listen): TcpClass | null {
  if (tcpClass !== undefined) return tcpClass;
  const server = new Server() as ListeningServer;
  server.on("error", () => {});
  Reflect.apply(listen, server, [LOOPBACK, 0, 4, 1, undefined, 0]);
  tcpClass = server._handle === null ? null : (server._handle.constructor as TcpClass);
  server._handle?.close();
  server._handle = null;
  return tcpClass;
}

export function addressOf(
  handle: ServerHandle | null,
): { address: string; port: number; family: 4 | 6 } | null {
  const out: { address?: string; family?: string; port?: number } = {};
  if (handle?.getsockname === undefined || handle.getsockname(out) !== 0) return null;
  if (typeof out.port !== "number" || typeof out.address !== "string") return null;
  return { address: out.address, port: out.port, family: out.family === "IPv6" ? 6 : 4 };
}

/**
 * What `listening` says of how clients speak to it: over TLS (https, secure HTTP/2, tls), and whether it is no server of Node's
 * HTTP (net, tls). Runs no getter of the server's, and never throws.
 */
export function spokenTo(server: ListeningServer): { readonly tls?: true; readonly raw?: true } {
  try {
    // Not `instanceof`: tls and http would be loaded for it. A time-out of all its connections only HTTP's have.
    const tls = "setSecureContext" in server ? ({ tls: true } as const) : {};
    return "setTimeout" in server ? tls : { ...tls, raw: true };
  } catch {
    // The trap of a proxy.
    return {};
  }
}

let reusePort: boolean | undefined;

/** Two sockets listen on one port: true where SO_REUSEPORT is honoured (Node 20 ignores the flag). */
export function reusePortWorks(listen: Listen): boolean {
  if (reusePort !== undefined) return reusePort;
  reusePort = false;
  const Tcp = process.platform === "linux" ? findTcpClass(listen) : null;
  if (Tcp === null) return reusePort;
  const first = new Tcp(TCP_SERVER);
  const second = new Tcp(TCP_SERVER);
  try {
    // Without listen() two SO_REUSEADDR sockets may share a port on Linux in any case.
    if (first.bind(LOOPBACK, 0, REUSE_PORT) !== 0 || first.listen(1) !== 0) return reusePort;
    const port = addressOf(first)?.port ?? 0;
    reusePort = second.bind(LOOPBACK, port, REUSE_PORT) === 0 && second.listen(1) === 0;
    return reusePort;
  } finally {
    first.close();
    second.close();
  }
}

/**
 * Whether a plain bind succeeds, as Node would do it. Asked before SO_REUSEPORT is used, which would share a
 * port with any other process of this user that set it too, where listen() must fail with EADDRINUSE.
 */
export function isFree(
  listen: Listen,
  address: string | null,
  port: number,
  addressType: number,
  flags: number,
): boolean {
  if (port === 0) return true;
  const Tcp = findTcpClass(listen);
  if (Tcp === null) return false;
  const attempt = (bind: (handle: ServerHandle) => number): boolean | null => {
    const handle = new Tcp(TCP_SERVER);
    try {
      if (bind(handle) !== 0) return null;
      // libuv keeps EADDRINUSE of bind back; getsockname tells it.
      return addressOf(handle) !== null;
    } finally {
      handle.close();
    }
  };
  if (address !== null && address !== "") {
    return (
      attempt((h) => (addressType === 6 ? h.bind6(address, port, flags) : h.bind(address, port, flags))) ??
      false
    );
  }
  return (
    attempt((h) => h.bind6("::", port, flags)) ?? attempt((h) => h.bind("0.0.0.0", port, flags)) ?? false
  );
}

/** One event that the user's code has seen before. */
export function dropNext(server: ListeningServer, name: string): void {
  const before = Object.getOwnPropertyDescriptor(server, "emit");
  const emit = server.emit;
  server.emit = function (this: ListeningServer, type: string | symbol): boolean {
    if (type === "error" || type === name) {
      if (before === undefined) Reflect.deleteProperty(server, "emit");
      else Object.defineProperty(server, "emit", before);
    }
    return type === name ? true : (Reflect.apply(emit, this, arguments) as boolean);
  };
}
