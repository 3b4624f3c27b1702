// Front: every command, setting, view, colour and context key of the extension, named once and typed.
// package.json's `contributes` repeats them; test/unit/contributions.test.ts holds the two together.

import type { Category } from "./protocol/categories.ts";
import type { Topology } from "./protocol/sessionFile.ts";

export const COMMANDS = {
  profile: "darcy.profile",
  stop: "darcy.stop",
  openPanel: "darcy.openPanel",
  driveLoad: "darcy.driveLoad",
  stopLoad: "darcy.stopLoad",
  copyEnvironment: "darcy.copyEnvironment",
  copyCommandLine: "darcy.copyCommandLine",
  compareTopologies: "darcy.compareTopologies",
  recordSingle: "darcy.recordSingle",
  toggleAnnotations: "darcy.toggleAnnotations",
  clearAnnotations: "darcy.clearAnnotations",
  openSession: "darcy.openSession",
  compareSessions: "darcy.compareSessions",
  compareWithBaseline: "darcy.compareWithBaseline",
  setBaseline: "darcy.setBaseline",
  clearBaseline: "darcy.clearBaseline",
  exportSession: "darcy.exportSession",
  renameSession: "darcy.renameSession",
  deleteSession: "darcy.deleteSession",
  refreshSessions: "darcy.refreshSessions",
  saveRecording: "darcy.saveRecording",
} as const;

/** Not in the palette: the links of a hover run them. */
export const LINK_COMMANDS = {
  openLocation: "darcy.openLocation",
  showInPanel: "darcy.showInPanel",
  suppressHere: "darcy.suppressHere",
  explain: "darcy.explain",
} as const;
export type CommandId =
  | (typeof COMMANDS)[keyof typeof COMMANDS]
  | (typeof LINK_COMMANDS)[keyof typeof LINK_COMMANDS];

export const VIEWS = {
  panel: "darcy.panel",
  savedProfile: "darcy.savedProfile",
  /** Two saved recordings side by side. */
  compare: "darcy.compare",
  /** In the view container `darcy`. */
  sessions: "darcy.sessions",
} as const;
/** Of documents that Darcy writes itself. */
export const DOCUMENT_SCHEME = "darcy";
/** Tools for language models. */
export const TOOLS = {
  listHotspots: "darcy_listHotspots",
  explainHotspot: "darcy_explainHotspot",
  compareRecordings: "darcy_compareRecordings",
  startRecording: "darcy_startRecording",
} as const;
/** In the workspace's memory: what is recorded in a window that may close. */
export const RUNNING_KEY = "darcy.running";
/** Of tasks that users write: each records a server in its terminal. */
export const TASK_TYPE = "darcy";
/** Of the server of a recording in the panel; nobody else's. */
export const SERVER_TASK_TYPE = "darcy.server";

export interface Settings {
  /** 0: one for each processor that is available. */
  readonly "darcy.workers": number;
  readonly "darcy.topology": Topology;
  readonly "darcy.nodePath": string;
  readonly "darcy.stacksPerSecond": number;
  readonly "darcy.rests": boolean;
  /** Before Node 24: of the time in which requests are followed. */
  readonly "darcy.followPercent": number;
  readonly "darcy.annotations.enabled": boolean;
  readonly "darcy.annotations.top": number;
  /** Microseconds a request; lines below it have no mark. */
  readonly "darcy.annotations.leastMicros": number;
  readonly "darcy.annotations.currentLineOnly": boolean;
  readonly "darcy.codeLens.enabled": boolean;
}
export const SETTING_DEFAULTS: Settings = {
  "darcy.workers": 0,
  "darcy.topology": "auto",
  "darcy.nodePath": "",
  "darcy.stacksPerSecond": 50,
  "darcy.rests": true,
  "darcy.followPercent": 0,
  "darcy.annotations.enabled": true,
  "darcy.annotations.top": 20,
  "darcy.annotations.leastMicros": 0,
  "darcy.annotations.currentLineOnly": false,
  "darcy.codeLens.enabled": false,
};

export interface ContextKeys {
  /** A server runs under Darcy. */
  readonly "darcy.recording": boolean;
  /** It listens, so that load can be driven at it. */
  readonly "darcy.listening": boolean;
  /** Load is driven at it. */
  readonly "darcy.loading": boolean;
  /** There is a recording whose server Darcy can start again. */
  readonly "darcy.again": boolean;
  /** Requests were measured. */
  readonly "darcy.measured": boolean;
  /** There are marks beside the code that can be cleared. */
  readonly "darcy.annotated": boolean;
}

export const COLOURS: Readonly<Record<Category | "annotation", string>> = {
  copies: "darcy.copies",
  switches: "darcy.switches",
  allocations: "darcy.allocation",
  locks: "darcy.locks",
  annotation: "darcy.annotationForeground",
};
