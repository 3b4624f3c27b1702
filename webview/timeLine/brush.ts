// Panel, time line: the brush: a span of the clock that the pointer draws, moves and clears, and whose ends two handles move
// by keyboard.

import { t } from "../../src/model/l10n.ts";
import type { Range } from "../../src/protocol/panel.ts";
import { element, setAttribute, setHidden, setStyle } from "../element.ts";
import { clock } from "../figures.ts";
import { type Clock, dragged, type Grip, gripAt, nudged } from "./span.ts";

/** A press that moves less is no drag. */
const LEAST_DRAG_PIXELS = 3;
/** While it is dragged figures follow this often. */
const FOLLOW_MILLIS = 250;

export interface BrushOptions {
  readonly canvas: HTMLCanvasElement;
  /** Null: nothing is drawn, or no scope can be chosen. */
  clock(): Clock | null;
  /** What governs the figures now. */
  scope(): Range;
  /** Shows it, before figures of it are there. */
  preview(range: Range): void;
  /** Null: back to the scope that was chosen before. */
  choose(range: Range | null): void;
}

export function makeBrush({ canvas, clock: clockNow, scope, preview, choose }: BrushOptions) {
  let drag: {
    readonly grip: Grip;
    readonly startPixel: number;
    readonly from: Range;
    moved: boolean;
  } | null = null;
  let followedAt = 0;

  const handles = (["from", "to"] as const).map((end) => {
    const handle = element("div", "brush-handle", [], {
      role: "slider",
      tabindex: "0",
      "aria-label": end === "from" ? t("Start of the scope") : t("End of the scope"),
      "aria-orientation": "horizontal",
    });
    handle.addEventListener("keydown", (event) => {
      const now = clockNow();
      if (now === null || event.ctrlKey || event.metaKey || event.altKey) return;
      const next = nudged(scope(), end, event.key, event.shiftKey, now);
      if (next === null) return;
      event.preventDefault();
      preview(next);
      choose(next);
    });
    return { end, handle };
  });

  canvas.addEventListener("pointerdown", (event) => {
    const now = clockNow();
    if (now === null || event.button !== 0) return;
    const { offsetX } = event;
    drag = { grip: gripAt(offsetX, scope(), now), startPixel: offsetX, from: scope(), moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", ({ offsetX }) => {
    const now = clockNow();
    if (now === null) return;
    if (drag === null) {
      setStyle(canvas, "cursor", CURSORS[gripAt(offsetX, scope(), now)]);
      return;
    }
    drag.moved ||= Math.abs(offsetX - drag.startPixel) >= LEAST_DRAG_PIXELS;
    if (!drag.moved) return;
    const range = dragged(drag.grip, drag.from, drag.startPixel, offsetX, now);
    preview(range);
    if (performance.now() - followedAt < FOLLOW_MILLIS) return;
    followedAt = performance.now();
    choose(range);
  });
  const end = () => {
    if (drag?.moved === true) choose(scope());
    drag = null;
    followedAt = 0;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("dblclick", () => {
    if (clockNow() !== null) choose(null);
  });

  return {
    handles: handles.map(({ handle }) => handle),
    /** A drag that goes on is not disturbed by figures that come. */
    get dragging(): boolean {
      return drag?.moved === true;
    },
    /** Puts the handles where the scope's ends are. */
    place(range: Range, fixed: boolean): void {
      const now = clockNow();
      for (const { end: name, handle } of handles) {
        setHidden(handle, now === null);
        if (now === null) continue;
        const ms = name === "from" ? range.fromMs : Math.min(range.toMs, now.endMs);
        setStyle(handle, "left", `${now.pixelAt(ms)}px`);
        setAttribute(handle, "aria-valuemin", "0");
        setAttribute(handle, "aria-valuemax", `${Math.round(now.endMs / 1000)}`);
        setAttribute(handle, "aria-valuenow", `${Math.round(ms / 1000)}`);
        setAttribute(handle, "aria-valuetext", fixed ? clock(ms) : t("{0}, follows the session", clock(ms)));
      }
    },
  };
}

const CURSORS: Readonly<Record<Grip, string>> = {
  from: "ew-resize",
  to: "ew-resize",
  inside: "grab",
  outside: "crosshair",
};
