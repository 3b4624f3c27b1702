// Front: what the commands work with; parts.ts makes them once.

import type { ExtensionContext } from "vscode";
import type { Keeper } from "./recording/keeper.ts";
import type { Recorder } from "./recording/recorder.ts";
import type { Suppressed } from "./recording/suppressed.ts";
import type { SavedSessions } from "./sessions/savedSessions.ts";
import type { Documents } from "./views/documents.ts";
import type { Annotations } from "./views/editor/annotations.ts";
import type { CompareViews } from "./views/panel/compareView.ts";
import type { LivePanel } from "./views/panel/livePanel.ts";
import type { SavedProfileEditor } from "./views/panel/savedProfile.ts";

export interface Services {
  readonly context: ExtensionContext;
  readonly recorder: Recorder;
  readonly keeper: Keeper;
  readonly annotations: Annotations;
  readonly panel: LivePanel;
  readonly savedPanels: SavedProfileEditor;
  readonly suppressed: Suppressed;
  readonly sessions: SavedSessions;
  readonly documents: Documents;
  readonly comparisons: CompareViews;
  /** Of the sessions tree; nodes. */
  selected(): readonly unknown[];
}
