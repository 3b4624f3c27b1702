// A server in TypeScript: what its errors' stacks say is told by whoever compiles it.

import { createServer } from "node:http";

interface Told {
  readonly name: string;
  readonly stack: readonly string[];
}

/** Of this file, by line: the frames of whoever loads it have places that depend on it. */
function told(error: unknown): Told {
  const { name, stack = "" } = error as Error;
  const own = stack.split("\n").filter((line) => line.includes("server.ts"));
  return { name, stack: own.map((line) => line.trim().replace(/\(.*[\\/]|[^ (]*[\\/](?=server\.ts)/, "(")) };
}

class Failing {
  private readonly times: number = 2;

  fail(text: string): unknown {
    return this.times > 0 ? JSON.parse(text) : null;
  }
}

const routes: Record<string, () => unknown | Promise<unknown>> = {
  "/": () => ({ hello: "typed", arguments: process.argv.slice(2) }),
  "/throw": () => {
    try {
      return new Failing().fail("{ not json");
    } catch (error) {
      return told(error);
    }
  },
  "/reject": async () => {
    await Promise.resolve();
    return new Failing().fail("{ not json either");
  },
};

const server = createServer(async (request, response) => {
  if (request.url === "/slow") {
    response.write("begun ");
    setTimeout(() => response.end("done"), 300);
    return;
  }
  try {
    response.end(JSON.stringify((await routes[request.url ?? "/"]?.()) ?? null));
  } catch (error) {
    response.writeHead(500).end(JSON.stringify(told(error)));
  }
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address !== "string")
    console.log(`listening on http://127.0.0.1:${address.port}`);
});
process.once("SIGTERM", () => {
  server.close(() => {
    console.log("closed");
    process.exitCode = 3;
  });
  server.closeIdleConnections();
});
