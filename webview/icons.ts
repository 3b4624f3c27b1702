// Panel: the glyphs of the categories and the icons of its buttons, drawn in place so that themes colour them.

import type { Category } from "../src/protocol/categories.ts";
import { svg } from "./element.ts";
import { GLYPHS } from "./glyphShapes.ts";

export function glyph(category: Category, size = 16): SVGElement {
  const shapes = GLYPHS[category].map(({ d, paint }) =>
    paint === "solid"
      ? svg("path", { d, fill: "currentColor" })
      : svg("path", {
          d,
          fill: "none",
          stroke: "currentColor",
          "stroke-width": "1.5",
          "stroke-linecap": "round",
          "stroke-linejoin": "round",
        }),
  );
  return svg(
    "svg",
    {
      viewBox: "0 0 16 16",
      width: `${size}`,
      height: `${size}`,
      class: `glyph of-${category}`,
      "aria-hidden": "true",
    },
    shapes,
  );
}

const LOAD =
  "M9.4 3.2c1.7-1.2 3.4-1.5 4.1-1.4.1.7-.2 2.4-1.4 4.1-.9 1.3-2.5 2.6-4.4 3.7L6.400 8.300C7.200 6.300 8.200 4.200 9.400 3.200zM6.700 6.700H4.300L2.500 8.900l2.300.500M9.300 9.300v2.400l-2.200 1.800-.500-2.300M10.800 5.200a.6.6 0 1 0 .01 0M4.600 11.400 2 14M3.400 10.600l-1.400 1.400M5.400 12.600 4 14";
const ICONS = {
  stop: "M3.5 3.5h9v9h-9z",
  pause: "M5 3v10M11 3v10",
  resume: "M5 3.2 12.4 8 5 12.8z",
  load: LOAD,
  stopLoad: `${LOAD}M2.500 2.500 13.500 13.500`,
  save: "M2.5 3.5a1 1 0 0 1 1-1h7.600L13.500 4.900v7.600a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM5 13.500V9.500h6v4M5.500 2.500v3h4v-3",
  profile: "M5 3.2 12.400 8 5 12.800z",
  chevron: "M6 3.500 10.500 8 6 12.500",
  search: "M6.750 2.500a4.250 4.250 0 1 0 .01 0zM10 10l3.800 3.800",
  arrow: "M2.500 8h10M9.500 5l3 3-3 3",
  sorted: "M8 2.500v10.500M4 9l4 4 4-4",
  open: "M6 2.500h4l3.500 3.500v7.500h-8V9M9.500 2.500v4h4M7 5.500H2.500M5 3.200 7.200 5.500 5 7.800",
  holder:
    "M10.300 2a3.700 3.700 0 1 1-1.300 7.200L7.800 10.400H6.300v1.500H4.800v1.600H2v-2.600l5-5A3.700 3.700 0 0 1 10.300 2zM11.200 4.700h.01",
  copy: "M5.500 2.500h7v9h-7zM3.500 4.500v9h7",
  suppress:
    "M2.500 8s2-3.800 5.500-3.800S13.500 8 13.500 8s-2 3.800-5.500 3.800S2.500 8 2.500 8zM8 6.300a1.700 1.700 0 1 0 .010 0zM3 2.500l10.500 11",
  bulb: "M8 1.800a4.200 4.200 0 0 0-2.300 7.700c.4.300.6.700.6 1.200v.5h3.400v-.5c0-.5.2-.9.6-1.200A4.200 4.200 0 0 0 8 1.800zM6.500 13.800h3",
  info: "M8 1.800a6.200 6.200 0 1 0 .01 0zM8 7.300v4M8 4.800v.4",
  warning: "M8 2.200 14.300 13.500H1.700zM8 6.500v3.500M8 11.600v.3",
  error: "M8 1.800a6.200 6.200 0 1 0 .01 0zM5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600",
  close: "M4 4l8 8M12 4l-8 8",
  compare:
    "M4 5.400v5.100a2 2 0 0 0 2 2h3M12 10.600V5.500a2 2 0 0 0-2-2H7M4 2a1.700 1.700 0 1 0 .01 0zM12 10.600a1.700 1.700 0 1 0 .01 0zM8.700 1.900 7 3.500l1.700 1.600M7.300 10.900 9 12.500l-1.700 1.600",
  export: "M2.500 3v10M5 8h8.500M10.500 5l3 3-3 3",
  swap: "M3 5.500h9.500M10 3l2.500 2.500L10 8M13 10.500H3.500M6 8l-2.500 2.500L6 13",
  document: "M4 2.500h5.500L12 5v8.500H4zM6 7h4M6 9h4M6 11h2.500",
  pulse: "M1 8.500h3l2-5 3.500 9.500L11.500 8.500H15",
} as const;
export type IconName = keyof typeof ICONS;

export function icon(name: IconName, size = 16): SVGElement {
  return svg(
    "svg",
    {
      viewBox: "0 0 16 16",
      width: `${size}`,
      height: `${size}`,
      class: `icon icon-${name}`,
      "aria-hidden": "true",
    },
    [
      svg("path", {
        d: ICONS[name],
        fill: "none",
        stroke: "currentColor",
        "stroke-width": "1.1",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      }),
    ],
  );
}
