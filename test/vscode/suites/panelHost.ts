// VS Code tests: what a real webview is posted: the whole state once it is seen, then what becomes other, nothing while it is hidden;
// and that what was paused stays so.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { PanelState, ToPanel } from "../../../src/protocol/panel.ts";
import { type StateMessage, StateReceiver } from "../../../src/protocol/stateFeed.ts";
import { PANEL_IDLE } from "../../../src/recording/idle.ts";
import { PanelHost } from "../../../src/views/panel/panelHost.ts";
import { extension, until, workspaceFile } from "./darcy.ts";

describe("the panel's host", () => {
  it("posts the whole state once it is seen, then what becomes other, and nothing while it is hidden", async () => {
    const panel = vscode.window.createWebviewPanel("darcy.test", "Test", vscode.ViewColumn.One);
    const posted: ToPanel[] = [];
    const changed = new vscode.EventEmitter<void>();
    let state: PanelState = { ...PANEL_IDLE, phase: "stopped", title: "shop" };
    const seen: boolean[] = [];
    const source = {
      onDidChange: changed.event,
      state: () => state,
      cwd: () => "",
      act: () => undefined,
      seen: (visible: boolean) => {
        if (seen.at(-1) !== visible) seen.push(visible);
      },
    };
    const host = new PanelHost(listening(panel, posted), source, extension().extensionUri);
    const change = (title: string) => {
      state = { ...state, title };
      changed.fire();
    };
    try {
      await until("the whole state", () => posted.length > 0);
      change("shop, later");
      await until("a delta", () => posted.length > 1);
      assert.deepEqual(
        posted.map(({ type }) => type),
        ["state", "delta"],
      );
      const receiver = new StateReceiver();
      assert.deepEqual(posted.map((message) => receiver.take(message as StateMessage)).at(-1), state);

      const file = await vscode.workspace.openTextDocument(workspaceFile("server.js"));
      await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One, preview: false });
      await until("another tab before it", () => !panel.visible);
      const before = posted.length;
      for (const title of ["unseen", "unseen, too"]) change(title);
      panel.reveal();
      await until("a message", () => posted.length > before);
      const [first] = posted.slice(before);
      assert.ok(first?.type === "state" && first.state.title === "unseen, too", JSON.stringify(first));
      assert.deepEqual(seen, [true, false, true]);
    } finally {
      host.dispose();
      panel.dispose();
      changed.dispose();
    }
  });

  it("posts what a paused view held to its next page, and says that it holds it", async () => {
    const panel = vscode.window.createWebviewPanel("darcy.test", "Test", vscode.ViewColumn.One);
    const posted: ToPanel[] = [];
    const [changed, said] = [new vscode.EventEmitter<void>(), new vscode.EventEmitter<unknown>()];
    let state: PanelState = { ...PANEL_IDLE, phase: "recording", title: "shop" };
    const source = { onDidChange: changed.event, state: () => state, cwd: () => "", act: () => undefined };
    const host = new PanelHost(listening(panel, posted, said.event), source, extension().extensionUri);
    try {
      await until("the whole state", () => posted.length > 0);
      said.fire({ type: "pauseView", paused: true });
      const file = await vscode.workspace.openTextDocument(workspaceFile("server.js"));
      await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One, preview: false });
      await until("another tab before it", () => !panel.visible);
      const before = posted.length;
      state = { ...state, title: "shop, later" };
      changed.fire();
      panel.reveal();
      await until("two messages", () => posted.length > before + 1);
      const [first, second] = posted.slice(before);
      assert.ok(first?.type === "state" && first.state.title === "shop", JSON.stringify(first));
      assert.equal(second?.type, "hold");
      state = { ...state, phase: "stopped" };
      changed.fire();
      await until("the recording's end", () => posted.length > before + 2);
      assert.equal(posted.at(-1)?.type, "delta");
    } finally {
      host.dispose();
      panel.dispose();
      changed.dispose();
      said.dispose();
    }
  });
});

/** The same panel; what it is posted is kept, too. @param said by its page, besides what it says itself */
function listening(
  panel: vscode.WebviewPanel,
  posted: ToPanel[],
  said?: vscode.Event<unknown>,
): vscode.WebviewPanel {
  const { webview } = panel;
  const heard = through(webview, {
    onDidReceiveMessage: (listener: (message: unknown) => void) =>
      vscode.Disposable.from(
        webview.onDidReceiveMessage(listener),
        ...(said === undefined ? [] : [said(listener)]),
      ),
    postMessage: (message: ToPanel) => {
      posted.push(message);
      return webview.postMessage(message);
    },
  });
  return through(panel, { webview: heard });
}

function through<T extends object>(target: T, instead: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get(_, name) {
      if (name in instead) return instead[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
  });
}
