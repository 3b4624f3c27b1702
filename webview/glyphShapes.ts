// Panel and editor: the shapes of the four categories' glyphs, on a 16 by 16 grid. A test holds the files in
// media/glyphs to these.

import type { Category } from "../src/protocol/categories.ts";

export interface Shape {
  readonly d: string;
  /** `line`: a stroke of 1.5; `solid`: filled. */
  readonly paint: "line" | "solid";
}

export const GLYPHS: Readonly<Record<Category, readonly Shape[]>> = {
  // A solid sheet behind an outlined one.
  copies: [
    {
      d: "M2.25 1h6.5C9.44 1 10 1.56 10 2.25V4H6a2 2 0 0 0-2 2v4H2.25C1.56 10 1 9.44 1 8.75v-6.5C1 1.56 1.56 1 2.25 1z",
      paint: "solid",
    },
    {
      d: "M6.75 5.75h6.5a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-6.5a1 1 0 0 1-1-1v-6.5a1 1 0 0 1 1-1z",
      paint: "line",
    },
  ],
  // Two opposed arrows.
  switches: [
    { d: "M1.75 4.75h12M11 1.75l3 3-3 3", paint: "line" },
    { d: "M14.25 11.25h-12M5 8.25l-3 3 3 3", paint: "line" },
  ],
  // Two by two blocks, one still outlined.
  allocations: [
    {
      d: "M1.75 1h4.5a.75.75 0 0 1 .75.75v4.5a.75.75 0 0 1-.75.75h-4.5A.75.75 0 0 1 1 6.25v-4.5A.75.75 0 0 1 1.75 1z",
      paint: "solid",
    },
    {
      d: "M1.75 9h4.5a.75.75 0 0 1 .75.75v4.5a.75.75 0 0 1-.75.75h-4.5a.75.75 0 0 1-.75-.75v-4.5A.75.75 0 0 1 1.75 9z",
      paint: "solid",
    },
    {
      d: "M9.75 9h4.5a.75.75 0 0 1 .75.75v4.5a.75.75 0 0 1-.75.75h-4.5a.75.75 0 0 1-.75-.75v-4.5A.75.75 0 0 1 9.75 9z",
      paint: "solid",
    },
    {
      d: "M10.25 1.75h3.5a.5.5 0 0 1 .5.5v3.5a.5.5 0 0 1-.5.5h-3.5a.5.5 0 0 1-.5-.5v-3.5a.5.5 0 0 1 .5-.5z",
      paint: "line",
    },
  ],
  // A padlock.
  locks: [
    {
      d: "M4 7h8c.83 0 1.5.67 1.5 1.5v5c0 .83-.67 1.5-1.5 1.5H4c-.83 0-1.5-.67-1.5-1.5v-5C2.5 7.67 3.17 7 4 7z",
      paint: "solid",
    },
    { d: "M4.9 7.5V4.6a3.1 3.1 0 0 1 6.2 0v2.9", paint: "line" },
  ],
};

/** A glyph as a file, for decorations in the editor, where it stands 13 px high. */
export function glyphFile(shapes: readonly Shape[], colour: string): string {
  const paths = shapes.map(({ d, paint }) =>
    paint === "solid"
      ? `<path fill="${colour}" d="${d}"/>`
      : `<path fill="none" stroke="${colour}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" d="${d}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="13" height="13" viewBox="0 0 16 16">${paths.join("")}</svg>\n`;
}
