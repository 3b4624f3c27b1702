// Panel, hotspots: how sure a figure is, and why.

import { formatCertainty, formatShare, isUncertain } from "../../src/model/format.ts";
import { said, t } from "../../src/model/l10n.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { plural } from "../figures.ts";

export interface Certainty {
  readonly text: string;
  readonly style: "plain" | "few" | "inferred";
  readonly detail: string;
}

export function certaintyOf(hotspot: Hotspot): Certainty {
  const { confidence, relativeError, samples } = hotspot;
  const text = formatCertainty(hotspot);
  const sampled = plural(samples, said("{0} sample"), said("{0} samples"));
  if (confidence === "exact") return { text, style: "plain", detail: t("every event was counted") };
  if (confidence === "inferred")
    return {
      text,
      style: "inferred",
      detail: t("by shares seen at another time of the recording, {0}", sampled),
    };
  if (isUncertain(hotspot))
    return {
      text,
      style: "few",
      detail: relativeError === null ? sampled : `${sampled}, ± ${formatShare(relativeError)}`,
    };
  return { text, style: "plain", detail: t("{0}, 95 % interval", sampled) };
}
