// Model, claim D9: the same data is copied at one line after the other.

import type { Kind } from "../../protocol/categories.ts";
import type { CopyChain, Finding, Report } from "../../protocol/report.ts";
import { formatBytes, formatImpact } from "../format.ts";
import { formatSeen, formatStations } from "../formatChains.ts";
import { said, t } from "../l10n.ts";
import { locationOf, WORTH_CHANGING } from "./worth.ts";

/** Decoded and parsed, or serialised and written: what hardly anybody can do without. */
const USUAL_STATIONS = 2;
const LEAST_TRACED = 5;

/** What a station of one kind right after one of another could be spared by; the first that is found counts. */
const REMEDIES: readonly (readonly [from: readonly Kind[], to: readonly Kind[], advice: string])[] = [
  [
    ["parse"],
    ["serialise"],
    said(
      "What is parsed is serialised again: where it passes through unchanged, pass the bytes on as they came.",
    ),
  ],
  [["decode"], ["encode"], said("The text becomes bytes again: keep the bytes, and pass those on.")],
  [
    ["encode"],
    ["decode"],
    said("The bytes become text again: keep the text, and encode it once, at the end."),
  ],
  [
    ["copy", "concat"],
    ["copy", "concat"],
    said(
      "Bytes are copied to be copied again: pass views of them on (subarray), or the list of pieces (writev).",
    ),
  ],
];
const GENERAL = said("Pass the data on in the form that it came in.");

export function copiedChain(report: Report): readonly Finding[] {
  return report.chains.flatMap((chain) => {
    const score = partOf(chain, report);
    if (score < WORTH_CHANGING || chain.traced < LEAST_TRACED || chain.stations.length <= USUAL_STATIONS)
      return [];
    const impact = (chain.impactMicrosPerRequest ?? 0) * sparedPart(chain);
    return [
      {
        id: "copied-chain",
        claim: "D9",
        category: "copies",
        score,
        title: t(
          "The same data is copied at {0} places on {1} {2}.",
          chain.stations.length,
          chain.method,
          chain.route,
        ),
        evidence: t(
          "{0}: {1} a request of this route, {2}.",
          formatStations(chain),
          formatBytes(chain.bytesPerRequest),
          formatSeen(chain),
        ),
        advice: t(
          "{0} Without all but the first: up to {1} of processor time.",
          remedyOf(chain),
          formatImpact(impact),
        ),
        locations: placesOf(chain),
      },
    ];
  });
}

function partOf({ impactMicrosPerRequest: impact }: CopyChain, report: Report): number {
  const whole = report.processorMicrosPerRequest;
  return impact === null || whole === null || whole <= 0 ? 0 : Math.min(1, impact / whole);
}

/** By bytes: what the first station costs is not told apart. */
function sparedPart({ stations, bytesPerRequest }: CopyChain): number {
  return bytesPerRequest > 0 ? 1 - (stations[0]?.bytesPerRequest ?? 0) / bytesPerRequest : 0;
}

function remedyOf({ stations }: CopyChain): string {
  for (const [before, after, advice] of REMEDIES) {
    const found = stations.some(({ kind, from }) => {
      const source = from === null ? undefined : stations[from]?.kind;
      return source !== undefined && before.includes(source) && after.includes(kind);
    });
    if (found) return t(advice);
  }
  return t(GENERAL);
}

function placesOf({ stations }: CopyChain): Finding["locations"] {
  const named = new Map(
    stations
      .filter(({ file }) => file !== "")
      .map((station) => [`${station.file}:${station.line}`, locationOf(station)]),
  );
  return [...named.values()];
}
