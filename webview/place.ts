// Panel: `file.js:12` as a button. Where there is no room a long name loses its middle, never its ending or its line.

import type { Location } from "../src/protocol/report.ts";
import { element, setAttribute, setClass, setHidden, setText } from "./element.ts";
import { baseName, place } from "./words.ts";

/** Shorter names are never cut. */
const WHOLE_UP_TO = 18;
/** What of a name always stands: enough to tell `.test.ts` from `.ts`. */
const TAIL = 8;

export class PlaceView {
  readonly root: HTMLButtonElement;
  readonly #head = element("span", "place-head");
  readonly #tail = element("span", "place-tail");

  constructor(attributes: Readonly<Record<string, string>> = {}) {
    this.root = element("button", "place", [this.#head, this.#tail], { type: "button", ...attributes });
  }

  /** @param words instead of `file.js:12` */
  show(location: Location | null, hint = "", words: string | null = null): void {
    const text = location === null ? "" : (words ?? place(location));
    setHidden(this.root, text === "");
    if (location === null || text === "") return;
    const name = baseName(location.file);
    const cut = name.length > WHOLE_UP_TO ? name.length - TAIL : 0;
    setText(this.#head, text.slice(0, cut));
    setHidden(this.#head, cut === 0);
    setText(this.#tail, text.slice(cut));
    setClass(this.root, "long", cut > 0);
    // In two parts it would be read as two words.
    setAttribute(this.root, "aria-label", text);
    setAttribute(this.root, "title", `${location.file}:${location.line}:${location.column}${hint}`);
  }
}
