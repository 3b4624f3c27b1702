// Panel: one webview's other end. Sends it the whole state once it is seen, then what becomes other, seldom and only while it
// is seen; carries out its wishes.

import * as vscode from "vscode";
import { Disposables } from "../../common/disposables.ts";
import { log } from "../../common/log.ts";
import type { FromPanel, PanelState, ToPanel } from "../../protocol/panel.ts";
import { type SiteRef, siteName } from "../../protocol/siteDetails.ts";
import { StateSender } from "../../protocol/stateFeed.ts";
import { openLocation } from "../openLocation.ts";
import { localRoots, panelHtml } from "./html.ts";
import { toPanelMessage } from "./messages.ts";

/** 4 Hz: two in half a second, so that what comes soon after another need not wait long. */
const LEAST_PAUSE_MILLIS = 100;
const TWO_MILLIS = 500;
/** The clock in the bar goes on when nothing else does. */
const TICK_MILLIS = 1_000;

/** What is on show, and what the panel may ask of it. */
export interface PanelSource {
  readonly onDidChange: vscode.Event<void>;
  state(): PanelState;
  /** Where the server ran. */
  cwd(): string;
  act(message: Exclude<FromPanel, { type: "ready" | "snapshot" | "open" | "copy" | "pauseView" }>): void;
  /** The user goes from a figure to its line. */
  opening?(): void;
  /** Whether somebody can see it. */
  seen?(visible: boolean): void;
}

/** Fires when one of them does. */
export function either<T>(first: vscode.Event<T>, second: vscode.Event<T>): vscode.Event<T> {
  return (listener, self) => vscode.Disposable.from(first(listener, self), second(listener, self));
}

export class PanelHost implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #states = new StateSender();
  /** What a paused view shows; null: it is not paused. */
  #held: PanelState | null = null;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #sentBefore = 0;
  #answered = "";
  #reveal: SiteRef | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly source: PanelSource,
    extension: vscode.Uri,
  ) {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: localRoots(extension) };
    this.#disposables.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#disposables.add(panel.onDidChangeViewState(() => this.#visibility()));
    this.#disposables.add(source.onDidChange(() => this.#schedule()));
    const tick = setInterval(() => {
      const due = performance.now() - this.#sentAt >= TICK_MILLIS / 2;
      if (due && LIVE.has(source.state().phase)) this.#schedule();
    }, TICK_MILLIS);
    this.#disposables.add({ dispose: () => clearInterval(tick) });
    this.#disposables.add({ dispose: () => source.seen?.(false) });
    source.seen?.(panel.visible);
    webview.html = panelHtml(webview, extension);
  }

  #receive(raw: unknown): void {
    const message = toPanelMessage(raw);
    if (message === null) {
      log().warn("The panel sent a message that is not one of ours; it was dropped.");
      return;
    }
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#states.restart();
        this.#holdAgain();
        this.#send();
        return;
      case "snapshot":
        this.#states.restart();
        this.#schedule();
        return;
      case "open":
        this.source.opening?.();
        void openLocation(message.location, this.source.cwd(), {
          toSide: message.toSide,
          from: this.panel.viewColumn,
        });
        return;
      case "copy":
        void vscode.env.clipboard.writeText(message.text);
        return;
      case "pauseView":
        this.#held = message.paused ? this.#states.last : null;
        this.#schedule();
        return;
      default:
        this.source.act(message);
    }
  }

  /** A new page knows nothing of what the one before it held still; it stays, unless the recording has gone on to something else. */
  #holdAgain(): void {
    const held = this.#held;
    const { phase, report } = this.source.state();
    const goes = held?.phase === phase && held.report?.startedAt === report?.startedAt;
    if (held === null || !goes) {
      this.#held = null;
      return;
    }
    const hold: ToPanel = { type: "hold" };
    for (const message of [this.#states.next(held), hold])
      if (message !== null) void this.panel.webview.postMessage(message);
  }

  #visibility(): void {
    this.source.seen?.(this.panel.visible);
    // A hidden webview's page is gone; the new page says that it is ready.
    if (!this.panel.visible) this.#ready = false;
    else this.#schedule();
  }

  #schedule(): void {
    if (!this.#ready || !this.panel.visible) return;
    const from = Math.max(this.#sentAt + LEAST_PAUSE_MILLIS, this.#sentBefore + TWO_MILLIS);
    this.#timer ??= setTimeout(() => this.#send(), Math.max(0, from - performance.now()));
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#ready || !this.panel.visible) return;
    const state = this.source.state();
    // A paused view still learns that the recording ended, and what an open row asks for.
    const answer = answerIn(state);
    const asked = answer !== this.#answered || this.#reveal !== null;
    if (this.#held !== null && state.phase === "recording" && !asked) return;
    this.#answered = answer;
    this.#sentBefore = this.#sentAt;
    this.#sentAt = performance.now();
    const message = this.#states.next(state);
    if (message !== null) void this.panel.webview.postMessage(message);
    // After the figures that the row is of.
    if (this.#reveal === null) return;
    const reveal: ToPanel = { type: "reveal", site: this.#reveal };
    this.#reveal = null;
    void this.panel.webview.postMessage(reveal);
  }

  /** Opens a hotspot's row once the panel is seen; null: leaves it as it is. */
  reveal(site: SiteRef | null): void {
    if (site === null) return;
    this.#reveal = site;
    this.#schedule();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#disposables.dispose();
  }
}

/** Tells one open row and its tab from others, and what is suppressed. */
function answerIn({ details = null, suppressed = [] }: PanelState): string {
  const row = details === null ? "" : `${details.view}|${siteName(details.site)}`;
  return [row, ...suppressed].join("\n");
}

const LIVE: ReadonlySet<PanelState["phase"]> = new Set([
  "calibrating",
  "starting",
  "waiting",
  "recording",
  "stopping",
]);
