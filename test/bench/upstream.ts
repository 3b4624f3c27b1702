// Benchmark: what the proxy asks.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const BYTES = 64 * 1024;

export interface Upstream {
  readonly environment: { readonly UPSTREAM_PORT: string };
  close(): void;
}

export async function upstream(): Promise<Upstream> {
  const body = Buffer.alloc(BYTES, "u");
  const server = createServer((_request, response) => response.end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    environment: { UPSTREAM_PORT: String((server.address() as AddressInfo).port) },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
