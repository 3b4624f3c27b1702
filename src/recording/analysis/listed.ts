// Recording, analysis: figures whose hotspots stand as a panel lists them: of a hundred thousand, putting them in order takes it
// longer than all the rest.

import { hotspotKey, inShownOrder } from "../../model/formatOrder.ts";
import { packHotspots, unpackHotspots } from "../../protocol/hotspotTable.ts";
import type { Figures } from "../figures.ts";
import type { ShownFigures } from "./messages.ts";

export function listed({ details: _, ...shown }: Figures): ShownFigures {
  const { others } = shown;
  if (others === null) return shown;
  const items = unpackHotspots(others).map((hotspot) => ({ key: hotspotKey(hotspot), hotspot }));
  const hotspots = inShownOrder(items).map(({ hotspot }) => hotspot);
  return { ...shown, others: packHotspots(hotspots, others.workers) };
}
