// Model, comparison: what is not the same on both sides apart from the code: said before any figure.

import type { Report } from "../../protocol/report.ts";
import { roughPrices } from "../calibration.ts";
import { formatCores, formatNumber, formatShare } from "../format.ts";
import { t } from "../l10n.ts";

const LEAST_LOAD = 0.05;
const LEAST_MIX = 0.05;
const SHORT_COMMIT = 7;
const MOST_OF_COMMAND = 80;

/** Requests a second on each side, while some came. */
export type Loads = readonly [before: number, after: number];

/** As a share of the greater; 0 where it is 5 % or less. */
export function loadChange([a, b]: Loads): number {
  const change = (b - a) / (Math.max(a, b) || 1);
  return Math.abs(change) > LEAST_LOAD ? change : 0;
}

/** The load first. */
export function differencesOf(before: Report, after: Report, loads: Loads): string[] {
  const words: string[] = [];
  const say = (what: string, was: string, is: string) => {
    if (was !== is) words.push(t("{0}: {1} before, {2} now.", what, was, is));
  };
  if (loadChange(loads) !== 0)
    words.push(
      t(
        "The loads differ: {0} req/s before, {1} now. Switches, waits and latencies depend on it.",
        formatNumber(loads[0]),
        formatNumber(loads[1]),
      ),
    );
  const mix = mixDistance(before, after);
  if (mix > LEAST_MIX)
    words.push(t("The requests differ: {0} of them went to other routes than before.", formatShare(mix)));
  const [was, is] = [before.commit ?? null, after.commit ?? null];
  if (was !== null && is !== null) say(t("Commit"), was.slice(0, SHORT_COMMIT), is.slice(0, SHORT_COMMIT));
  say(t("Command"), commandOf(before), commandOf(after));
  say("Node", before.node, after.node);
  say(t("Machine"), machineOf(before), machineOf(after));
  say(t("Workers"), workersOf(before), workersOf(after));
  if (inSpells(before) !== inSpells(after)) say(t("Measured"), measuredOf(before), measuredOf(after));
  // One calibration prices both.
  const rough = roughPrices(after.calibration);
  if (rough !== null) words.push(rough);
  return words;
}

/** Without the folders of what is named by its whole path: the same program may stand in several. */
function commandOf({ command }: Report): string {
  const words = command.map((word) =>
    /^(?:\/|[A-Za-z]:[\\/])/.test(word) ? word.replace(/^.*[\\/]/, "") : word,
  );
  const text = words.join(" ");
  return text.length > MOST_OF_COMMAND ? `${text.slice(0, MOST_OF_COMMAND)}…` : text;
}

function machineOf({ platform, arch, availableCores }: Report): string {
  return `${platform} ${arch}, ${formatCores(availableCores)}`;
}

function workersOf({ workers, topology }: Report): string {
  const peers = new Set(workers.filter(({ role }) => role === "peer").map(({ id }) => id)).size;
  return `${peers}, ${topology}`;
}

function inSpells({ measuredShare = 1 }: Report): boolean {
  return measuredShare < 1;
}

function measuredOf(report: Report): string {
  const { measuredShare = 1 } = report;
  return inSpells(report) ? t("in spells ({0} of the time)", formatShare(measuredShare)) : t("all the time");
}

/** The share of requests that would have to go elsewhere to make the two alike. */
function mixDistance(before: Report, after: Report): number {
  const shares = ({ requests: { routes } }: Report) => {
    const total = routes.reduce((sum, { count }) => sum + count, 0) || 1;
    return new Map(routes.map(({ method, route, count }) => [`${method} ${route}`, count / total]));
  };
  const [old, now] = [shares(before), shares(after)];
  if (old.size === 0 || now.size === 0) return 0;
  let distance = 0;
  for (const key of new Set([...old.keys(), ...now.keys()]))
    distance += Math.abs((old.get(key) ?? 0) - (now.get(key) ?? 0));
  return distance / 2;
}
