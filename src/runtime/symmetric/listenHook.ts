// Runtime, symmetric: sees every listen() and close() of net.Server (http, https, http2 and tls are ones) and
// lets the role of this process, peer 0 or a peer, decide.

import { Server } from "node:net";
import { Patches } from "../patch.ts";
import type { Wanted } from "./messages.ts";
import type { Listen, ListenArguments, ListeningServer } from "./serverHandle.ts";

export interface Role {
  /**
   * Listens for the user's code in its stead. It must end in `original` on this server, now or later, and may
   * not throw; false: not our concern, the caller goes on as without us.
   */
  listen(server: ListeningServer, wanted: Wanted, original: Listen, args: ListenArguments): boolean;
  /** The server listens on a handle that the user's code (or its cluster) brought along. */
  brought(server: ListeningServer): void;
  /** The server stops to listen; called before it does. */
  closing(server: ListeningServer): void;
}

export function installListenHook(role: Role): void {
  const patches = new Patches();
  const prototype = Server.prototype as unknown as { _listen2: Listen; close: Server["close"] };
  patches.replace(prototype, ["_listen2"], (original) => {
    const listen = original as Listen;
    return function (this: ListeningServer, ...args: ListenArguments) {
      let done = false;
      try {
        const wanted = wantedBy(this, args);
        if (wanted !== null) {
          done = role.listen(this, wanted, listen, args);
        } else {
          Reflect.apply(listen, this, args);
          done = true;
          role.brought(this);
        }
      } catch {
        // Ours failed, before or after the original has listened.
        done ||= this._handle !== null;
      }
      if (!done) Reflect.apply(listen, this, args);
    };
  });
  patches.replace(prototype, ["close"], (original) => {
    return function (this: ListeningServer) {
      try {
        role.closing(this);
      } catch {
        // The close goes on as without us.
      }
      return Reflect.apply(original, this, arguments);
    };
  });
}

/** Null for a handle that the user's code (or its cluster) brought along. */
function wantedBy(
  server: ListeningServer,
  [address, port, addressType, , fd]: ListenArguments,
): Wanted | null {
  if (server._handle !== null) return null;
  if (typeof fd === "number" && fd >= 0) return { kind: "fd", address: null, port: fd };
  if (port === -1 && addressType === -1) return { kind: "pipe", address, port: 0 };
  if (typeof port !== "number" || port < 0) return null;
  return { kind: "tcp", address: address === "" ? null : address, port };
}
