// Panel, hotspots: how sure a figure is, and why.

import { formatCertainty, formatShare, isUncertain } from "../../src/model/format.ts";
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
  const sampled = plural(samples, "sample");
  if (confidence === "exact") return { text, style: "plain", detail: "every event was counted" };
  if (confidence === "inferred")
    return { text, style: "inferred", detail: `by shares seen at another time of the recording, ${sampled}` };
  if (isUncertain(hotspot))
    return {
      text,
      style: "few",
      detail: relativeError === null ? sampled : `${sampled}, ± ${formatShare(relativeError)}`,
    };
  return { text, style: "plain", detail: `${sampled}, 95\u2009% interval` };
}
