// Front: what other extensions may ask of this one.

import type { CompareState } from "./protocol/comparePanel.ts";
import type { PanelState } from "./protocol/panel.ts";
import type { ShownMark } from "./views/editor/shown.ts";

export interface DarcyApi {
  /** The recording that runs or ran last, as the panel shows it. */
  state(): PanelState;
  /** The marks beside a file's code, by its path. */
  marksIn(file: string): readonly ShownMark[];
  /** The comparisons that are open, as their views show them. */
  comparisons(): readonly CompareState[];
}
