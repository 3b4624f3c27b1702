// Panel, hotspots: the open row: on the left who calls, the flame graph, the lock grid; on the right what is known and what to do.

import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { type DetailsView, type SiteDetails, siteName, siteRefOf } from "../../src/protocol/siteDetails.ts";
import { element, setHidden } from "../element.ts";
import { post } from "../host.ts";
import type { Dispatch } from "../part.ts";
import type { Model } from "../state.ts";
import { makeCallers } from "./callers.ts";
import { makeFactList } from "./factList.ts";
import { makeFlame } from "./flame.ts";
import { makeLockGrid } from "./lockGrid.ts";
import { makeTabs } from "./tabs.ts";

/** So long until what was asked for is asked for again: another recording's host does not know of it. */
const ASK_AGAIN_MILLIS = 2_000;

export function makeDetails(dispatch: Dispatch) {
  const callers = makeCallers();
  const flame = makeFlame();
  const grid = makeLockGrid();
  const tabs = makeTabs(dispatch, { callers, flame, grid });
  const facts = makeFactList();
  const cell = element("div", "details-cell", [tabs.root, facts.root], { role: "gridcell" });
  const root = element("div", "details", [cell], { role: "row" });
  let asked = "";
  let askedAt = 0;

  function ask(hotspot: Hotspot, view: DetailsView, { panel }: Model): void {
    if (panel?.fixed === true) return;
    const name = `${view} ${siteName(hotspot)}`;
    const { details = null } = panel ?? {};
    const there = details !== null && details.view === view && siteName(details.site) === siteName(hotspot);
    const now = performance.now();
    if (asked === name && (there || now - askedAt < ASK_AGAIN_MILLIS)) return;
    asked = name;
    askedAt = now;
    if (!there) post({ type: "details", wanted: { site: siteRefOf(hotspot), view } });
  }

  return {
    root,
    show(hotspot: Hotspot, report: Report, model: Model): void {
      const { panel, ui } = model;
      root.dataset.category = hotspot.category;
      const view = ui.tab === "grid" && hotspot.category !== "locks" ? "callers" : ui.tab;
      ask(hotspot, view, model);
      const { details = null } = panel ?? {};
      const own = ofSite(details, hotspot);
      tabs.show(view, hotspot.category === "locks", panel?.fixed === true);
      for (const [name, part] of [
        ["callers", callers],
        ["flame", flame],
        ["grid", grid],
      ] as const)
        setHidden(part.root, name !== view);
      if (view === "callers") callers.show(hotspot, own?.view === view ? own.tree : null);
      if (view === "flame") flame.show(hotspot, own?.view === view ? own.tree : null);
      if (view === "grid") grid.show(own?.view === view ? own.grid : null);
      facts.show({
        hotspot: wholeOf(hotspot, own),
        report,
        englishFindings: panel?.englishFindings ?? report.findings,
        scope: panel?.scope.label ?? "",
        suppressed: panel?.suppressed?.includes(siteName(hotspot)) ?? false,
        fixed: panel?.fixed === true,
      });
    },
    /** With what came with its details, where they are there. */
    whole: (hotspot: Hotspot, model: Model | null): Hotspot =>
      wholeOf(hotspot, ofSite(model?.panel?.details ?? null, hotspot)),
    /** No row is open: the host need not compute for one. */
    close(): void {
      if (asked !== "") post({ type: "details", wanted: null });
      asked = "";
    },
  };
}

function ofSite(details: SiteDetails | null, hotspot: Hotspot): SiteDetails | null {
  return details !== null && siteName(details.site) === siteName(hotspot) ? details : null;
}

/** A packed site's row has its figures, which may be one worker's; what else is known of it comes with the details. */
function wholeOf(hotspot: Hotspot, details: SiteDetails | null): Hotspot {
  const { hotspot: whole } = details ?? {};
  if (whole === undefined) return hotspot;
  const { count, amount, perRequest, share, impactMicrosPerRequest, samples, relativeError } = hotspot;
  return { ...whole, count, amount, perRequest, share, impactMicrosPerRequest, samples, relativeError };
}
