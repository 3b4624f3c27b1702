// MCP, entry of a bundle of its own: `darcy mcp` serves the tools over stdin and stdout until stdin ends.

import { resolve } from "node:path";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestSchema,
  type JSONRPCMessage,
  ListToolsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { readProfile } from "../collector/profileFile.ts";
import { errorText, UserError } from "../common/errors.ts";
import { DARCY_VERSION } from "../common/version.ts";
import { compareProfiles } from "../model/compare/compare.ts";
import { toReport } from "../model/report.ts";
import type { Report } from "../protocol/report.ts";
import { compareAnswer, explainHotspot, listHotspots } from "../tools/answers.ts";
import {
  categoryOf,
  fileOf,
  onlyKnown,
  rankOf,
  recordRequestOf,
  toInput,
  topOf,
} from "../tools/toolInput.ts";
import { runRecord } from "./runRecord.ts";
import { INSTRUCTIONS, READING_TOOLS, RECORD_TOOL } from "./toolList.ts";

const LISTED_AFTER_RECORDING = 10;
/** As JSON-RPC answers what it can't read: with no id. */
const answerTo = (code: number, message: string) =>
  ({ jsonrpc: "2.0", id: null, error: { code, message } }) as unknown as JSONRPCMessage;
const PARSE_ERROR = answerTo(-32_700, "Parse error");
const INVALID_REQUEST = answerTo(-32_600, "Invalid request");

export interface McpOptions {
  /** The tool that runs programs is offered. */
  readonly allowRecord: boolean;
  /** Path of the command line. */
  readonly cli: string;
}

/** Resolves when the client has gone. */
export async function serve(options: McpOptions): Promise<void> {
  const server = new Server(
    { name: "darcy", version: DARCY_VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const tools = options.allowRecord ? [...READING_TOOLS, RECORD_TOOL] : READING_TOOLS;
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    try {
      const input = toInput(params.arguments);
      const tool = tools.find(({ name }) => name === params.name);
      if (tool !== undefined) onlyKnown(input, Object.keys(tool.inputSchema.properties));
      const text = await answer(params.name, input, options, signal);
      return { content: [{ type: "text", text }] };
    } catch (error) {
      const text = error instanceof UserError ? `${error.message} ${error.remedy}` : errorText(error);
      return { isError: true, content: [{ type: "text", text }] };
    }
  });
  const closed = new Promise<void>((done) => {
    server.onclose = done;
    process.stdin.once("end", done);
  });
  const transport = new StdioServerTransport();
  // Else whoever sends what is no message waits for an answer.
  server.onerror = (error) => {
    const unread = error instanceof SyntaxError;
    if (unread || error.name === "ZodError") void transport.send(unread ? PARSE_ERROR : INVALID_REQUEST);
  };
  await server.connect(transport);
  await closed;
  await server.close();
}

async function answer(
  name: string,
  input: ReturnType<typeof toInput>,
  { allowRecord, cli }: McpOptions,
  signal: AbortSignal,
): Promise<string> {
  switch (name) {
    case "list_hotspots": {
      const [top, category] = [topOf(input), categoryOf(input)];
      return listHotspots(await reportOf(fileOf(input, "file")), top, category);
    }
    case "explain_hotspot": {
      const [file, rank] = [fileOf(input, "file"), rankOf(input)];
      const found = explainHotspot(await reportOf(file), rank);
      if (found === null) throw new UserError(`There is no hotspot ${rank}.`, "List them first.");
      return found;
    }
    case "compare_recordings": {
      const before = await readProfile(resolve(fileOf(input, "before")));
      const after = await readProfile(resolve(fileOf(input, "after")));
      return compareAnswer(compareProfiles(before, after), after.cwd);
    }
    case "record": {
      if (!allowRecord)
        throw new UserError(
          "Recording is not allowed here.",
          "Start the server with darcy mcp --allow-record.",
        );
      const out = await runRecord(cli, recordRequestOf(input), signal);
      return `Saved as ${out}.\n${listHotspots(await reportOf(out), LISTED_AFTER_RECORDING, null)}`;
    }
    default:
      throw new UserError(`There is no tool ${name}.`, "Ask for the list of tools.");
  }
}

async function reportOf(file: string): Promise<Report> {
  return toReport(await readProfile(resolve(file)));
}
