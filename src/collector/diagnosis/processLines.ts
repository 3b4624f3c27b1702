// Collector, diagnosis: the command's processes as lines of text, children under their parents. Pure.

import { majorOf, OLDEST_NODE } from "../findNode.ts";
import type { Witness } from "./evidence.ts";
import { commandLine } from "./program.ts";

const MOST_LINES = 30;
const MOST_DEPTH = 8;

export function processLines(witnesses: readonly Witness[]): string[] {
  const pids = new Set(witnesses.map(({ pid }) => pid));
  const roots = witnesses.filter(({ parentPid }) => !pids.has(parentPid));
  const lines: string[] = [];
  const add = (witness: Witness, depth: number) => {
    lines.push(`${"  ".repeat(Math.min(depth, MOST_DEPTH))}${lineOf(witness)}`);
    if (depth > MOST_LINES) return;
    for (const child of witnesses)
      if (child.parentPid === witness.pid && child !== witness) add(child, depth + 1);
  };
  for (const root of roots) add(root, 0);
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : lines;
}

function lineOf(witness: Witness): string {
  const facts = [`process ${witness.pid}`, ...factsOf(witness)];
  return `${commandLine(witness.words)} (${facts.join(", ")})`;
}

function factsOf(witness: Witness): string[] {
  const { program, node, running, stopped, reach, greeted, alone, ports } = witness;
  const facts: string[] = [];
  if (node !== null) facts.push(`Node.js ${node.replace(/^v/, "")}`);
  if (alone === "tool") facts.push(`a ${witness.tool ?? "tool"}, left alone`);
  else if (isOld(witness)) facts.push("too old");
  else if (greeted) facts.push("has reported");
  else if (alone === "version") facts.push("with another version of Darcy");
  else if (program === "node") {
    if (reach === "lost") facts.push(`NODE_OPTIONS overwritten by "${witness.nodeOptions}"`);
    if (reach === "cleared") facts.push("without Darcy's variables");
    if (reach === "late") facts.push("in pm2's cluster mode");
    if (reach === "loaded") facts.push("has not reported");
  }
  if (ports.length > 0) facts.push(`listens on port ${ports.join(", ")}`);
  if (stopped) facts.push("stopped");
  if (!running) facts.push("ended");
  return facts;
}

export function isOld({ node, alone }: Witness): boolean {
  return alone === "old" || (node !== null && majorOf(node) < OLDEST_NODE);
}
