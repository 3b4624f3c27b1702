// Front, composition root: makes the services, joins them, and hands them to the commands. Heavy parts are loaded
// when they are first used.

import * as vscode from "vscode";
import { compareRecording, showAsMarkdown } from "./commands/comparisons.ts";
import { sendLoad } from "./commands/driveLoad.ts";
import { exportComparison, exportRecording } from "./commands/exports.ts";
import { registerLanguageModelTools } from "./commands/languageModelTools.ts";
import { registerCommands } from "./commands/register.ts";
import { saveAndOffer } from "./commands/saveRecording.ts";
import { shown } from "./commands/showError.ts";
import { RecordTasks } from "./commands/tasks/provider.ts";
import { log, logDisposable } from "./common/log.ts";
import { TASK_TYPE, VIEWS } from "./contributions.ts";
import { useLocale } from "./model/format.ts";
import { useWords } from "./model/l10n.ts";
import type { CompareState } from "./protocol/comparePanel.ts";
import type { PanelState } from "./protocol/panel.ts";
import { Interrupted } from "./recording/interrupted.ts";
import { endLeftServer } from "./recording/leftServer.ts";
import { Recorder } from "./recording/recorder.ts";
import { Suppressed } from "./recording/suppressed.ts";
import type { Services } from "./services.ts";
import { SavedSessions } from "./sessions/savedSessions.ts";
import { Documents } from "./views/documents.ts";
import { type Annotated, Annotations, type Shown, type ShownMark } from "./views/editor/annotations.ts";
import { FunctionLenses } from "./views/editor/functionLenses.ts";
import { CompareViews } from "./views/panel/compareView.ts";
import { LivePanel } from "./views/panel/livePanel.ts";
import { SavedProfileEditor } from "./views/panel/savedProfile.ts";
import { StatusBar } from "./views/statusBar.ts";
import { SessionsTree } from "./views/tree/sessionsTree.ts";

/** What other extensions may ask. */
export interface DarcyApi {
  /** The recording that runs or ran last, as the panel shows it. */
  state(): PanelState;
  /** The marks beside a file's code, by its path. */
  marksIn(file: string): readonly ShownMark[];
  /** The comparisons that are open, as their views show them. */
  comparisons(): readonly CompareState[];
}

let recorder: Recorder | undefined;
let interrupted: Interrupted | undefined;

export function activate(context: vscode.ExtensionContext): DarcyApi {
  const { extensionUri } = context;
  useWords(vscode.l10n.bundle);
  useLocale(vscode.env.language);
  const before = new Interrupted(context.workspaceState);
  const current = new Recorder(before.state);
  const suppressed = new Suppressed(context.workspaceState);
  if (before.server !== null) void endLeftServer(before.server);
  recorder = current;
  interrupted = before;
  const annotations = new Annotations(vscode.Uri.joinPath(extensionUri, "media"));
  const panel = new LivePanel(
    extensionUri,
    current,
    {
      save: () => void shown(saveAndOffer)(services),
      compare: () => void shown(compareRecording)(services),
      exportAs: () => void shown(exportRecording)(services),
      load: (request) => void shown(sendLoad)(services, request),
      showAnnotations: () => withFigures((figures) => annotations.show(figures)),
      showLog: () => log().show(),
    },
    suppressed,
  );
  const sessions = new SavedSessions(context);
  const documents = new Documents();
  const comparisons = new CompareViews(
    extensionUri,
    sessions,
    {
      markdown: (old, now) => void shown(showAsMarkdown)(services, old, now),
      page: (old, now) => void shown(exportComparison)(services, old, now),
    },
    context.workspaceState,
  );
  const withFigures = (use: (annotated: Annotated) => void) => {
    const figures = current.live?.figures;
    if (!figures) return;
    const cwd = current.recording?.options.cwd ?? "";
    use({ ...suppressed.without(figures), scopeLabel: figures.scope.label, cwd, saved: null });
  };
  /** Of the saved recording whose marks are shown. */
  let savedFigures: Shown | null = null;
  const left = (annotated: Shown) => ({ ...annotated, ...suppressed.without(annotated) });
  const saved = new SavedProfileEditor(extensionUri, suppressed, (annotated) => {
    // A running recording has the lines for its own figures.
    if (current.recording?.active === true) return;
    savedFigures = annotated;
    annotations.show(left(annotated));
  });
  const services: Services = {
    context,
    recorder: current,
    annotations,
    panel,
    savedPanels: saved,
    suppressed,
    sessions,
    documents,
    comparisons,
  };
  context.subscriptions.push(
    logDisposable,
    current,
    annotations,
    new FunctionLenses(annotations),
    panel,
    suppressed,
    suppressed.onDidChange(() => {
      if (savedFigures !== null) annotations.update(left(savedFigures));
      else withFigures((figures) => annotations.update(figures));
    }),
    new StatusBar(current),
    sessions,
    documents,
    comparisons,
    new SessionsTree(current, sessions),
    current.onDidChange(() => {
      const { recording } = current;
      const running = recording?.active === true ? recording : undefined;
      if (running !== undefined) savedFigures = null;
      before.follow(running?.title, running?.options.external, running?.serverProcess);
    }),
    vscode.window.registerWebviewPanelSerializer(VIEWS.panel, panel),
    vscode.window.registerWebviewPanelSerializer(VIEWS.compare, comparisons),
    current.onDidFigure(() => {
      savedFigures = null;
      withFigures((figures) => annotations.update(figures));
    }),
    vscode.window.registerCustomEditorProvider(VIEWS.savedProfile, saved, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.tasks.registerTaskProvider(TASK_TYPE, new RecordTasks(extensionUri)),
    ...registerCommands(services),
    ...registerLanguageModelTools(services),
  );
  return {
    state: () => current.state(),
    marksIn: (file) => annotations.marksIn(file),
    comparisons: () => comparisons.states,
  };
}

/** The window closes: the server ends with its recording. */
export async function deactivate(): Promise<void> {
  interrupted?.leave();
  await recorder?.stop();
}
