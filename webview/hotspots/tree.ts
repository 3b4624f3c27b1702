// Panel, hotspots: a call tree as the host sends it, with each node's children. Pure.

import { formatBytes, formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import type { CallFrame, CallTree } from "../../src/protocol/siteDetails.ts";
import { impact } from "../figures.ts";

export interface TreeNode {
  /** Tells it from others while figures change. */
  readonly key: string;
  /** Null: all of the category. */
  readonly frame: CallFrame | null;
  readonly depth: number;
  readonly value: number;
  readonly parent: TreeNode | null;
  /** The heaviest first. */
  readonly children: TreeNode[];
}

export function toTree({ frames, nodes }: CallTree): TreeNode | null {
  const made: TreeNode[] = [];
  for (const [parentAt, frameAt, value] of nodes) {
    const parent = made[parentAt] ?? null;
    const frame = frames[frameAt] ?? null;
    const name = frame === null ? "" : nameOf(frame);
    const node: TreeNode = {
      key: parent === null ? name : `${parent.key}\n${name}`,
      frame,
      depth: parent === null ? 0 : parent.depth + 1,
      value,
      parent,
      children: [],
    };
    parent?.children.push(node);
    made.push(node);
  }
  return made[0] ?? null;
}

/** Tells apart what the host does: a function may call, and be awaited, from one place. */
function nameOf({ function: name, file, line, role, async }: CallFrame): string {
  return `${name} ${file}:${line} ${role}${async ? " async" : ""}`;
}

/** Before the host has answered, and where there is none: the heaviest stack that the report has. */
export function stackTree({ stack, impactMicrosPerRequest, perRequest, unit, ...site }: Hotspot): CallTree {
  const at = stack.findIndex(({ file, line }) => file === site.file && line === site.line);
  const frames = (at < 0 ? [site] : stack.slice(at)).map(
    ({ file, line, column, function: name }): CallFrame => {
      const role = file === "" || file.startsWith("node:") ? "runtime" : "user";
      return { file, line, column, function: name, role, async: false };
    },
  );
  const value = impactMicrosPerRequest ?? perRequest ?? 0;
  return {
    unit: impactMicrosPerRequest === null ? unit : "impact",
    frames,
    nodes: frames.map((_, index) => [index - 1, index, value] as const),
    rest: 0,
  };
}

export const UNIT_TEXT: Readonly<Record<CallTree["unit"], string>> = {
  impact: t("µs/req"),
  bytes: t("bytes/req"),
  switches: t("switches/req"),
  micros: t("µs/req"),
};

export function valueText(value: number, unit: CallTree["unit"]): string {
  if (unit === "bytes") return formatBytes(value);
  return unit === "switches" ? formatNumber(value) : impact(value);
}
