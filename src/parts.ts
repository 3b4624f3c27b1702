// Front, composition root: makes the services, joins them, and answers for everything that extension.ts has registered.
// Loaded when something of ours is used for the first time.

import * as vscode from "vscode";
import type { DarcyApi } from "./api.ts";
import { type CommandBodies, commandBodies } from "./commands/bodies.ts";
import { compareRecording, showAsMarkdown } from "./commands/comparisons.ts";
import { sendLoad } from "./commands/driveLoad.ts";
import { exportComparison, exportRecording } from "./commands/exports.ts";
import { languageModelTools, type Tools } from "./commands/languageModelTools.ts";
import { openLeft } from "./commands/openPanel.ts";
import { saveAndOffer } from "./commands/saveRecording.ts";
import { shown } from "./commands/showError.ts";
import { RecordTasks } from "./commands/tasks/provider.ts";
import { tellUnkept } from "./commands/unkept.ts";
import { errorText } from "./common/errors.ts";
import { log, logDisposable } from "./common/log.ts";
import { useLocale, useWords } from "./model/l10n.ts";
import { frontInThread } from "./recording/analysis/analysis.ts";
import { analysisThread } from "./recording/analysis/threadFile.ts";
import { Interrupted } from "./recording/interrupted.ts";
import { Keeper } from "./recording/keeper.ts";
import { KeptFiles } from "./recording/keptFiles.ts";
import { cutOffWords, unsavedWords } from "./recording/keptWords.ts";
import { endLeftServer } from "./recording/leftServer.ts";
import { Recorder } from "./recording/recorder.ts";
import { Suppressed } from "./recording/suppressed.ts";
import type { Services } from "./services.ts";
import { SavedSessions } from "./sessions/savedSessions.ts";
import { Documents } from "./views/documents.ts";
import { Annotations } from "./views/editor/annotations.ts";
import { FunctionLenses } from "./views/editor/functionLenses.ts";
import { MarkedRecording } from "./views/editor/markedRecording.ts";
import type { Annotated, Shown } from "./views/editor/shown.ts";
import { CompareViews } from "./views/panel/compareView.ts";
import { LivePanel } from "./views/panel/livePanel.ts";
import { SavedProfileEditor } from "./views/panel/savedProfile.ts";
import { StatusBar } from "./views/statusBar.ts";
import type { Node } from "./views/tree/nodes.ts";
import { SessionsTree } from "./views/tree/sessionsTree.ts";

/** What was registered at activation and needs to say more than it is asked. */
export interface Seats {
  readonly sessionsView: vscode.TreeView<Node>;
  readonly sessionsChanged: vscode.EventEmitter<Node | undefined>;
  readonly documentsChanged: vscode.EventEmitter<vscode.Uri>;
}

export interface Parts {
  readonly commands: CommandBodies;
  readonly tools: Tools;
  readonly panel: vscode.WebviewPanelSerializer;
  readonly comparisons: vscode.WebviewPanelSerializer;
  readonly savedProfiles: vscode.CustomReadonlyEditorProvider;
  readonly sessionsTree: Pick<SessionsTree, "getChildren" | "getTreeItem">;
  readonly documents: vscode.TextDocumentContentProvider;
  readonly tasks: vscode.TaskProvider;
  readonly api: DarcyApi;
  /** The window closes: the server ends with its recording. */
  leave(): Promise<void>;
}

export function assemble(context: vscode.ExtensionContext, seats: Seats): Parts {
  const { extensionUri } = context;
  useWords(vscode.l10n.bundle);
  useLocale(vscode.env.language);
  const before = new Interrupted(context.workspaceState);
  const keeper = new Keeper(new KeptFiles(storageOf(context)), context.workspaceState, {
    frontOf: (packed) =>
      frontInThread(analysisThread(extensionUri), packed, (error) =>
        log().warn(`An unsaved recording has no front: ${errorText(error)}`),
      ),
    changed: () => sessions.unsavedChanged(),
    failed: (title, error, ended) => void tellUnkept(services, title, error, ended),
  });
  const current = new Recorder(before.state, keeper);
  const suppressed = new Suppressed(context.workspaceState);
  if (before.server !== null) void endLeftServer(before.server);
  const media = vscode.Uri.joinPath(extensionUri, "media");
  const annotations = new Annotations(media);
  const marked = new MarkedRecording(annotations, context.workspaceState, () => keeper.left);
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
      openLeft: (place) => openLeft(services, place),
    },
    suppressed,
  );
  const sessions = new SavedSessions(context, keeper);
  const documents = new Documents(seats.documentsChanged);
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
    const { scope, texts } = figures;
    use({ ...suppressed.without(figures), texts, scopeLabel: scope.label, cwd, saved: null });
  };
  /** Of the saved recording whose marks are shown. */
  let savedFigures: Shown | null = null;
  const left = (annotated: Shown) => ({ ...annotated, ...suppressed.without(annotated) });
  const saved = new SavedProfileEditor(extensionUri, suppressed, {
    unsaved: (uri) => {
      if (!sessions.isUnsaved(uri)) return null;
      const { title, external } = before;
      const cutOff = title !== null && uri.fsPath === keeper.left;
      return cutOff ? `${cutOffWords(title, external)} ${unsavedWords()}` : unsavedWords();
    },
    save: (uri) => void shown(saveAndOffer)(services, uri),
    hadMarks: (uri) => marked.had(uri),
    showAnnotations: (annotated) => {
      // A running recording has the lines for its own figures.
      if (current.recording?.active === true) return;
      savedFigures = annotated;
      annotations.show(left(annotated));
    },
  });
  const services: Services = {
    context,
    recorder: current,
    keeper,
    annotations,
    panel,
    savedPanels: saved,
    suppressed,
    sessions,
    documents,
    comparisons,
    selected: () => seats.sessionsView.selection,
  };
  const sessionsTree = new SessionsTree(current, sessions, seats.sessionsView, seats.sessionsChanged, media);
  context.subscriptions.push(
    logDisposable,
    current,
    annotations,
    marked,
    new FunctionLenses(annotations),
    panel,
    suppressed,
    suppressed.onDidChange(() => {
      if (savedFigures !== null) annotations.update(left(savedFigures));
      else withFigures((figures) => annotations.update(figures));
    }),
    new StatusBar(current),
    sessions,
    comparisons,
    sessionsTree,
    current.onDidChange(() => {
      const { recording } = current;
      const running = recording?.active === true ? recording : undefined;
      if (running !== undefined) savedFigures = null;
      before.follow(running?.title, running?.options.external, running?.serverProcess);
    }),
    current.onDidFigure(() => {
      savedFigures = null;
      withFigures((figures) => annotations.update(figures));
    }),
  );
  return {
    commands: commandBodies(services),
    tools: languageModelTools(services),
    panel,
    comparisons,
    savedProfiles: saved,
    sessionsTree,
    documents,
    tasks: new RecordTasks(extensionUri),
    api: {
      state: () => current.state(),
      marksIn: (file) => annotations.marksIn(file),
      comparisons: () => comparisons.states,
    },
    leave: async () => {
      before.leave();
      keeper.leave();
      await current.stop();
    },
  };
}

/** For what nobody has saved: the workspace's own or, in a window without one, the user's. */
function storageOf({ storageUri, globalStorageUri }: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(storageUri ?? globalStorageUri, "unsaved").fsPath;
}
