// Panel: what this machine charges, as calibrated at the start: median and range.

import { formatNumber } from "../src/model/format.ts";
import { binarySize, type MachineFact, machineLines } from "../src/model/formatMachine.ts";
import { t } from "../src/model/l10n.ts";
import type { Calibration, Cost } from "../src/protocol/calibration.ts";
import type { Category } from "../src/protocol/categories.ts";
import { element, setHidden, setText } from "./element.ts";
import { impact } from "./figures.ts";
import { glyph } from "./icons.ts";

interface Line {
  readonly category: Category;
  readonly name: string;
  readonly micros: Cost;
}

export function makeSheet(extent: "short" | "whole") {
  const took = element("span", "muted");
  const body = element("tbody");
  const facts = element("dl", "sheet-facts");
  const root = element("section", "sheet", [
    element("h2", "sheet-head", [element("span", "section-name", [t("This machine")]), took]),
    element("table", "sheet-table", [
      element("thead", "hidden", [
        element(
          "tr",
          "",
          [t("Operation"), t("Median"), t("Range")].map((text) =>
            element("th", "", [text], { scope: "col" }),
          ),
        ),
      ]),
      body,
    ]),
    facts,
  ]);
  let drawn: Calibration | null = null;
  return {
    root,
    show(calibration: Calibration | null): void {
      setHidden(root, calibration === null);
      if (calibration === null || sameCalibration(calibration, drawn)) return;
      drawn = calibration;
      const seconds = formatNumber(calibration.tookMs / 1000);
      setText(
        took,
        calibration.partial
          ? t("calibrated in {0} s, cut short: ranges are wide", seconds)
          : t("calibrated in {0} s", seconds),
      );
      const lines =
        extent === "short"
          ? shortLines(calibration)
          : [...shortLines(calibration), ...otherLines(calibration)];
      body.replaceChildren(...lines.map(lineRow));
      const { machine, node } = calibration;
      setHidden(facts, extent === "short" || machine === undefined);
      if (machine !== undefined) facts.replaceChildren(...machineLines(machine, node).flatMap(factRow));
    },
  };
}

function sameCalibration(a: Calibration, b: Calibration | null): boolean {
  return (
    b !== null &&
    a.node === b.node &&
    a.tookMs === b.tookMs &&
    a.switchMicros.median === b.switchMicros.median
  );
}

function shortLines(calibration: Calibration): Line[] {
  const copy = nearest(calibration.copies.copy, 65_536);
  return [
    ...(copy === null
      ? []
      : [
          {
            category: "copies" as const,
            name: t("Copying {0}", binarySize(copy.bytes)),
            micros: scaled(copy.nanosPerByte, copy.bytes / 1000),
          },
        ]),
    {
      category: "switches",
      name: t("Hand-off to the pool and back"),
      micros: calibration.poolRoundTripMicros,
    },
    {
      category: "allocations",
      name: t("Allocating 1 KB"),
      micros: scaled(calibration.allocationNanosPerByte, 1),
    },
    { category: "locks", name: t("Waking a waiter"), micros: calibration.wakeMicros },
  ];
}

function otherLines(calibration: Calibration): Line[] {
  const kinds = (["encode", "decode", "clone", "serialise", "parse"] as const).flatMap((kind) => {
    const point = nearest(calibration.copies[kind], 1000);
    const name = {
      encode: t("Encoding"),
      decode: t("Decoding"),
      clone: t("Cloning"),
      serialise: t("Serialising"),
      parse: t("Parsing"),
    }[kind];
    return point === null
      ? []
      : [
          {
            category: "copies" as const,
            name: `${name} ${binarySize(point.bytes)}`,
            micros: scaled(point.nanosPerByte, point.bytes / 1000),
          },
        ];
  });
  return [
    ...kinds,
    { category: "switches", name: t("Message to a worker and back"), micros: calibration.messageMicros },
    ...(calibration.hopMicros === undefined
      ? []
      : [
          {
            category: "switches" as const,
            name: t("A turn of the loop (setImmediate)"),
            micros: calibration.hopMicros,
          },
        ]),
    { category: "switches", name: t("One kernel switch"), micros: calibration.switchMicros },
    { category: "switches", name: t("One system call"), micros: calibration.syscallMicros },
    { category: "switches", name: t("Starting a process"), micros: calibration.processSpawnMicros },
    {
      category: "allocations",
      name: t("Allocating 1 KB in a Buffer"),
      micros: scaled(calibration.bufferNanosPerByte, 1),
    },
  ];
}

function lineRow({ category, name, micros }: Line): HTMLElement {
  return element("tr", "", [
    element("th", "", [glyph(category, 14), element("span", "", [name])], { scope: "row" }),
    element("td", "", [element("span", "number", [impact(micros.median)]), element("span", "unit", [" µs"])]),
    element("td", "muted", [`${impact(micros.low)}–${impact(micros.high)} µs`]),
  ]);
}

function factRow({ name, text }: MachineFact): HTMLElement[] {
  return [element("dt", "", [t(name)]), element("dd", "", [text])];
}

function nearest<T extends { readonly bytes: number }>(points: readonly T[], bytes: number): T | null {
  const distance = (point: T) => Math.abs(Math.log(point.bytes / bytes));
  return points.reduce<T | null>(
    (best, point) => (best === null || distance(point) < distance(best) ? point : best),
    null,
  );
}

function scaled({ median, low, high }: Cost, factor: number): Cost {
  return { median: median * factor, low: low * factor, high: high * factor };
}
