// Front, entry: what VS Code loads at activation. Registers everything that is ours and does nothing else: whatever is used
// first brings in parts.ts, a bundle of its own.

import * as vscode from "vscode";
import type { DarcyApi } from "./api.ts";
import {
  COMMANDS,
  DOCUMENT_SCHEME,
  LINK_COMMANDS,
  RUNNING_KEY,
  TASK_TYPE,
  TOOLS,
  VIEWS,
} from "./contributions.ts";
import { partsOf } from "./loadParts.ts";
import type { Parts } from "./parts.ts";
import type { Node } from "./views/tree/nodes.ts";

export type { DarcyApi } from "./api.ts";

let leave: () => Promise<void> = async () => undefined;

export function activate(context: vscode.ExtensionContext): DarcyApi {
  const sessionsChanged = new vscode.EventEmitter<Node | undefined>();
  const documentsChanged = new vscode.EventEmitter<vscode.Uri>();
  const sessionsView = vscode.window.createTreeView<Node>(VIEWS.sessions, {
    treeDataProvider: {
      onDidChangeTreeData: sessionsChanged.event,
      getChildren: (node) => parts().sessionsTree.getChildren(node),
      getTreeItem: (node) => parts().sessionsTree.getTreeItem(node),
    },
    canSelectMany: true,
  });
  const parts = partsOf(context, { sessionsView, sessionsChanged, documentsChanged });
  leave = async () => {
    if (parts.loaded) await parts().leave();
  };
  context.subscriptions.push(
    sessionsChanged,
    documentsChanged,
    sessionsView,
    vscode.window.registerWebviewPanelSerializer(VIEWS.panel, {
      deserializeWebviewPanel: (panel, state) => parts().panel.deserializeWebviewPanel(panel, state),
    }),
    vscode.window.registerWebviewPanelSerializer(VIEWS.compare, {
      deserializeWebviewPanel: (panel, state) => parts().comparisons.deserializeWebviewPanel(panel, state),
    }),
    vscode.window.registerCustomEditorProvider(VIEWS.savedProfile, savedProfiles(parts), {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, {
      onDidChange: documentsChanged.event,
      provideTextDocumentContent: (uri, token) => parts().documents.provideTextDocumentContent(uri, token),
    }),
    vscode.tasks.registerTaskProvider(TASK_TYPE, {
      provideTasks: (token) => parts().tasks.provideTasks(token),
      resolveTask: (task, token) => parts().tasks.resolveTask(task, token),
    }),
    ...commands(parts),
    ...tools(parts),
  );
  // A recording was cut off by the window's end: what it left behind is seen to at once.
  if (context.workspaceState.get(RUNNING_KEY) !== undefined) parts();
  return {
    state: () => parts().api.state(),
    marksIn: (file) => parts().api.marksIn(file),
    comparisons: () => parts().api.comparisons(),
  };
}

/** The window closes. */
export async function deactivate(): Promise<void> {
  await leave();
}

function commands(parts: () => Parts): vscode.Disposable[] {
  return [...Object.values(COMMANDS), ...Object.values(LINK_COMMANDS)].map((id) =>
    vscode.commands.registerCommand(id, async (...words: unknown[]) => {
      let body: (...words: unknown[]) => Promise<void>;
      try {
        body = parts().commands[id];
      } catch {
        // The user has been told.
        return;
      }
      await body(...words);
    }),
  );
}

function savedProfiles(parts: () => Parts): vscode.CustomReadonlyEditorProvider {
  return {
    openCustomDocument: (uri, context, token) =>
      parts().savedProfiles.openCustomDocument(uri, context, token),
    resolveCustomEditor: (document, panel, token) =>
      parts().savedProfiles.resolveCustomEditor(document, panel, token),
  };
}

/** Editors without such tools go without. */
function tools(parts: () => Parts): vscode.Disposable[] {
  // By feature: editors built on an older VS Code have no `lm`.
  const lm = (vscode as { lm?: Partial<typeof vscode.lm> }).lm;
  const register = lm?.registerTool?.bind(lm);
  if (register === undefined) return [];
  return Object.values(TOOLS).map((name) =>
    register<object>(name, {
      prepareInvocation: (options, token) => parts().tools[name].prepareInvocation?.(options, token),
      invoke: (options, token) => parts().tools[name].invoke(options, token),
    }),
  );
}
