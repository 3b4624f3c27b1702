// MCP: the tools that the server offers, as the protocol describes them.

/** For the model, once: how the tools go together, and what the words of their answers mean. */
export const INSTRUCTIONS = `Darcy measured a Node server under load: which source lines cost data copies, context switches, memory allocation and lock waits, a request.
Begin with list_hotspots, then explain_hotspot for the lines that are to be changed. After a change record again under the same load and compare_recordings: only what it calls clear has changed.
µs/req is microseconds a completed request. "processor" is time that a processor works, "waiting" is time that requests stand: never add the two. "± 7 %" holds the truth in 95 % of cases; "few samples" and "uneven samples" may be off by more than a quarter: do not build on them; "inferred" is concluded, not seen; "–" is not known, which is not zero. Figures of switches and waits hold for the load at which they were measured. When event loops are mostly idle, savings do not show in throughput.`;

const file = (description: string) => ({ type: "string", description });
const CATEGORY = {
  type: "string",
  enum: ["copies", "switches", "allocations", "locks"],
  description: "Only hotspots of this category.",
};
const reads = { readOnlyHint: true, openWorldHint: false };

export const READING_TOOLS = [
  {
    name: "list_hotspots",
    title: "List hotspots",
    description:
      "Lists which source lines of a recorded Node server cost data copies, context switches, memory allocation and lock waits, per request, dearest first, with certainty.",
    inputSchema: {
      type: "object" as const,
      properties: {
        file: file("Path of the .darcy recording."),
        top: { type: "integer", minimum: 1, maximum: 50, description: "How many; 10 by default." },
        category: CATEGORY,
      },
      required: ["file"],
      additionalProperties: false,
    },
    annotations: reads,
  },
  {
    name: "explain_hotspot",
    title: "Explain a hotspot",
    description:
      "Who called it, who held the lock, its samples, and what to do about one hotspot, with the evidence.",
    inputSchema: {
      type: "object" as const,
      properties: {
        file: file("Path of the .darcy recording."),
        rank: { type: "integer", minimum: 1, description: "Its number in list_hotspots." },
      },
      required: ["file", "rank"],
      additionalProperties: false,
    },
    annotations: reads,
  },
  {
    name: "compare_recordings",
    title: "Compare two recordings",
    description:
      "What changed per request between two recordings, regressions first, and what of it is no more than chance.",
    inputSchema: {
      type: "object" as const,
      properties: {
        before: file("Path of the baseline's .darcy file."),
        after: file("Path of the newer .darcy file."),
      },
      required: ["before", "after"],
      additionalProperties: false,
    },
    annotations: reads,
  },
];

/** Runs a program: only where the server was started with --allow-record. */
export const RECORD_TOOL = {
  name: "record",
  title: "Record a server",
  description:
    "Starts an unmodified Node server under Darcy on this machine, sends it requests, stops it and saves the recording. Runs the command given.",
  inputSchema: {
    type: "object" as const,
    properties: {
      command: { type: "array", items: { type: "string" }, description: 'As ["node", "server.js"].' },
      load: { type: "string", description: "Path that the requests go to, as /orders." },
      seconds: { type: "integer", minimum: 1, maximum: 60, description: "Measured time; 10 by default." },
      workers: { type: "integer", minimum: 1, maximum: 64, description: "One a processor by default." },
      out: { type: "string", description: "Path of the .darcy file to write." },
    },
    required: ["command", "load", "out"],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
};
