// Command line: `darcy mcp`: the tools for language models, from a bundle that nothing else loads.

import { createRequire } from "node:module";
import { join } from "node:path";
import type { McpOptions } from "../mcp/server.ts";
import type { McpArguments } from "./fileArguments.ts";

/** The exit code. */
export async function mcp({ allowRecord }: McpArguments, distFolder: string): Promise<number> {
  const load = createRequire(join(distFolder, "cli.js"));
  const { serve } = load("./mcp.js") as { serve: (options: McpOptions) => Promise<void> };
  await serve({ allowRecord, cli: join(distFolder, "cli.js") });
  return 0;
}
