// Recording, analysis: figures whose hotspots stand as a panel lists them: of a hundred thousand, putting them in order takes it
// longer than all the rest.

import { hotspotKey, inShownOrder } from "../../model/formatOrder.ts";
import { packHotspots, unpackHotspots } from "../../protocol/hotspotTable.ts";
import type { Figures } from "../figures.ts";
import type { ShownFigures } from "./messages.ts";

export function listed({ report, others, series, scope }: Figures): ShownFigures {
  if (others === null) return { report, others, series, scope };
  const items = unpackHotspots(others).map((hotspot) => ({ key: hotspotKey(hotspot), hotspot }));
  const hotspots = inShownOrder(items).map(({ hotspot }) => hotspot);
  return { report, others: packHotspots(hotspots, others.workers), series, scope };
}
