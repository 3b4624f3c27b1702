// A server whose routes are functions: their result is the answer, as JSON.

import http from "node:http";
import { serve, sleep } from "./served.mjs";

export function serveRoutes(routes, close) {
  const server = http.createServer(async (request, response) => {
    const name = request.url.slice(1);
    if (name === "slow") {
      response.write("begun ");
      await sleep(300);
      return response.end("done");
    }
    try {
      if (!Object.hasOwn(routes, name)) response.statusCode = 404;
      response.end(JSON.stringify((await routes[name]?.()) ?? null));
    } catch (error) {
      console.error(`${name}: ${error.stack}`);
      response.writeHead(500).end(`${error.name}: ${error.message}`);
    }
  });
  serve(server, close);
}

/** How a promise fails, as far as a program may rely on it. */
export async function told(promise) {
  try {
    return ["nothing", await promise];
  } catch (error) {
    const { name, message, code, detail, constraint, column, table, position, severity } = error;
    return [
      error.constructor.name,
      { name, message, code, detail, constraint, column, table, position, severity },
    ];
  }
}
