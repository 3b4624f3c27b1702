// Panel, hotspots: what is known of an open row's site, each fact with its name. Pure.

import {
  dependsOnLoad,
  formatBytes,
  formatNumber,
  formatPerRequest,
  formatShare,
  isWaiting,
  kindWord,
  UNKNOWN,
} from "../../src/model/format.ts";
import { formatPlace, formatSeen, stationOf } from "../../src/model/formatChains.ts";
import { keptWords, pauseWords } from "../../src/model/formatKept.ts";
import { lineWords, sizeWords } from "../../src/model/formatLine.ts";
import {
  BASIS_MEANING,
  BASIS_NAME,
  formatHold,
  formatKeys,
  formatQueue,
} from "../../src/model/formatWaits.ts";
import { t } from "../../src/model/l10n.ts";
import type { ChainStation, Hotspot, Location, Report } from "../../src/protocol/report.ts";
import { functionName } from "../words.ts";
import { certaintyOf } from "./certainty.ts";

export interface Fact {
  readonly name: string;
  readonly strong: string;
  readonly rest: string;
  readonly location: Location | null;
}

export function factsOf(hotspot: Hotspot, report: Report): Fact[] {
  const facts: Fact[] = [];
  const waits = isWaiting(hotspot.category);
  if (waits) {
    const { holder } = hotspot;
    facts.push({
      name: t("Held by"),
      strong: holder === null ? UNKNOWN : functionName(holder.function),
      rest: holder === null ? `, ${t("the holder is not known")}` : "",
      location: holder,
    });
    facts.push(...waitFactsOf(hotspot));
  }
  const { callee, kind, category } = hotspot;
  if (callee === "") facts.push({ name: t("Kind"), strong: kindWord(kind), rest: "", location: null });
  else
    facts.push({
      name: waits ? t("Waits in") : t("Inside"),
      strong: callee,
      rest: ` (${kindWord(kind)})`,
      location: null,
    });
  const { total, perSecond } = report.requests;
  const times = total > 0 ? `, ${t("{0} times", formatNumber(hotspot.count / total))}` : "";
  const rest = dependsOnLoad(category) ? ` ${t("at {0} req/s", formatNumber(perSecond))}` : times;
  facts.push({ name: t("Per request"), strong: formatPerRequest(hotspot), rest, location: null });
  const [most, ...others] = hotspot.routes;
  if (most !== undefined) {
    const rest = others
      .map(({ method, route, share }) => `, ${formatShare(share)} ${method} ${route}`)
      .join("");
    facts.push({
      name: t("Routes"),
      strong: `${formatShare(most.share)} ${most.method} ${most.route}`,
      rest,
      location: null,
    });
  }
  facts.push(...chainFactsOf(hotspot, report));
  const basis = lineWords(hotspot);
  if (basis !== "") {
    const sizes = sizeWords(hotspot, total);
    facts.push({
      name: t("Line"),
      strong: basis,
      rest: sizes === "" ? "" : `; ${t("objects: {0}", sizes)}`,
      location: null,
    });
  }
  for (const [name, strong] of [
    [t("Kept"), keptWords(hotspot)],
    [t("Collections"), pauseWords(hotspot)],
  ] as const)
    if (strong !== null) facts.push({ name, strong, rest: "", location: null });
  const sure = certaintyOf(hotspot);
  facts.push({ name: t("Certainty"), strong: sure.text, rest: `, ${sure.detail}`, location: null });
  return facts;
}

function waitFactsOf(hotspot: Hotspot): Fact[] {
  const { basis, releaser } = hotspot;
  const facts: Fact[] = [];
  const add = (name: string, strong: string | null, rest = "", location: Location | null = null) => {
    if (strong !== null) facts.push({ name, strong, rest, location });
  };
  add(t("Let in by"), releaser === null ? null : functionName(releaser.function), "", releaser);
  add(t("Key"), formatKeys(hotspot));
  add(t("Held for"), formatHold(hotspot));
  add(t("Queue"), formatQueue(hotspot));
  if (basis !== null) add(t("Seen as"), t(BASIS_NAME[basis]), ` (${t(BASIS_MEANING[basis])})`);
  return facts;
}

/** The same data is copied before and after it. */
function chainFactsOf(hotspot: Hotspot, report: Report): Fact[] {
  const station = stationOf(hotspot, report.chains);
  if (station === null) return [];
  const { chain, before, after } = station;
  const [next] = after;
  const fact = (name: string, { callee, ...location }: ChainStation): Fact => ({
    name,
    strong: callee,
    rest: "",
    location: location.file === "" ? null : location,
  });
  return [
    {
      name: t("In a chain"),
      strong: formatPlace(station),
      rest: ` ${t(
        "of the same data, {0} a request of {1} {2}, {3}",
        formatBytes(chain.bytesPerRequest),
        chain.method,
        chain.route,
        formatSeen(chain),
      )}`,
      location: null,
    },
    ...(before === null ? [] : [fact(t("Copied before by"), before)]),
    ...(next === undefined ? [] : [fact(t("Copied again by"), next)]),
  ];
}
