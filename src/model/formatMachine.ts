// Model: what a machine is, in words: alike in the panel and in the text report.

import type { MachineFacts } from "../protocol/calibration.ts";
import { formatCores, formatNumber } from "./format.ts";
import { said, t } from "./l10n.ts";

export interface MachineFact {
  /** As `said` marks it. */
  readonly name: string;
  readonly text: string;
}

/** Only what is known. */
export function machineLines(machine: MachineFacts, node: string): MachineFact[] {
  const { system, processor, coreLimit, memoryBytes, memoryLimitBytes, pageBytes, cacheLineBytes } = machine;
  const cores = formatCores(machine.cores);
  const lines: MachineFact[] = [
    { name: said("System"), text: `${system}, Node ${node.replace(/^v/, "")}` },
    {
      name: said("Processor"),
      text: [
        processor,
        cores,
        coreLimit === null || coreLimit >= machine.cores ? "" : t("limited to {0}", formatNumber(coreLimit)),
      ]
        .filter((part) => part !== "")
        .join(", "),
    },
    {
      name: said("Memory"),
      text: `${memory(memoryBytes)}${memoryLimitBytes === null ? "" : `, ${t("limited to {0}", memory(memoryLimitBytes))}`}`,
    },
  ];
  if (pageBytes !== null) lines.push({ name: said("Page of memory"), text: binarySize(pageBytes) });
  if (cacheLineBytes !== null) lines.push({ name: said("Cache line"), text: binarySize(cacheLineBytes) });
  return lines;
}

/** In one sentence, without its end. */
export function formatMachine(machine: MachineFacts, node: string): string {
  return machineLines(machine, node)
    .map(({ name, text }) => (/^(?:System|Processor)$/.test(name) ? text : `${name.toLowerCase()} ${text}`))
    .join("; ");
}

/** Sizes that are powers of two, named as programmers name them. */
export function binarySize(bytes: number): string {
  if (bytes >= 1_048_576 && bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MiB`;
  if (bytes >= 1024 && bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return bytes >= 1000 ? `${formatNumber(bytes / 1000)} KB` : `${bytes} B`;
}

/** As it is sold: in powers of two, of which the kernel keeps a little. */
function memory(bytes: number): string {
  const [size, unit] = bytes >= 2 ** 30 ? [bytes / 2 ** 30, "GiB"] : [bytes / 2 ** 20, "MiB"];
  return `${Number.isInteger(size) ? size : formatNumber(size)} ${unit}`;
}
