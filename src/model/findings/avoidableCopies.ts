// Model, claim D3: a copy where a view of the same bytes, or handing them over, may do.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatBytes, formatImpact } from "../format.ts";
import { said, t } from "../l10n.ts";
import { isWorthIt, locationOf, partOfWhole, savingOf } from "./worth.ts";

interface Remedy {
  readonly title: string;
  readonly advice: string;
}
const VIEW: Remedy = {
  title: said("Share these bytes instead of copying them."),
  advice: said(
    "subarray() gives a view without a copy; it does where neither side changes the bytes afterwards.",
  ),
};
const TRANSFER: Remedy = {
  title: said("Send less to the other thread, or hand it over."),
  advice: said(
    "Send what the receiver needs; bytes of an ArrayBuffer can go in the transfer list, without a copy.",
  ),
};
const FEWER: Remedy = {
  title: said("Clone less of this."),
  advice: said("Copy the parts that change and share the rest."),
};

function remedyOf({ kind, callee }: Hotspot): Remedy | null {
  if (
    kind === "copy" &&
    /^(?:Buffer\.from|Buffer\.copyBytesFrom|TypedArray\.slice|ArrayBuffer\.slice)$/.test(callee)
  )
    return VIEW;
  if (kind !== "clone" && kind !== "copy") return null;
  if (callee.endsWith("postMessage")) return TRANSFER;
  return callee === "structuredClone" ? FEWER : null;
}

export function avoidableCopies(report: Report): readonly Finding[] {
  return report.hotspots.flatMap((spot) => {
    const remedy = remedyOf(spot);
    if (remedy === null || !isWorthIt(spot, report)) return [];
    const saving = formatImpact(savingOf(spot, report), spot.relativeError);
    return [
      {
        id: "avoidable-copy",
        claim: "D3",
        category: spot.category,
        score: partOfWhole(spot, report),
        title: t(remedy.title),
        evidence: t("{0} copies {1} a request here.", spot.callee, formatBytes(spot.perRequest)),
        advice: t("{0} Saves up to {1} of processor time.", t(remedy.advice), saving),
        locations: [locationOf(spot)],
      },
    ];
  });
}
