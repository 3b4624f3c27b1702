// Recording: remembers that one runs, so that after a reload of the window it can be said that it ended.

import type * as vscode from "vscode";
import { RUNNING_KEY } from "../contributions.ts";
import { t } from "../model/l10n.ts";
import type { PanelState } from "../protocol/panel.ts";
import { PANEL_IDLE } from "./idle.ts";

export class Interrupted {
  /** The title of the recording that the window's end cut off; null when none was. */
  readonly title: string | null;
  /** The process that its server's terminal runs; null where none is known. It runs on where nobody could end it: after a crash. */
  readonly server: number | null;
  /** Its server was not ours to end. */
  readonly external: boolean;
  #running: string | undefined;
  #leaving = false;

  constructor(private readonly memory: Pick<vscode.Memento, "get" | "update">) {
    const kept: unknown = memory.get(RUNNING_KEY);
    this.external = typeof kept === "object" && kept !== null && "external" in kept;
    const own = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
    const title = own.external ?? own.title ?? kept;
    this.title = typeof title === "string" ? title : null;
    this.server = typeof own.server === "number" && own.server > 1 ? own.server : null;
    if (kept !== undefined) void memory.update(RUNNING_KEY, undefined);
  }

  /**
   * @param title of the recording that runs now
   * @param server its process; null where that is not known, or not yet
   */
  follow(title: string | undefined, external = false, server: number | null = null): void {
    const kept =
      title === undefined
        ? undefined
        : external
          ? { external: title }
          : { title, ...(server ? { server } : {}) };
    const running = JSON.stringify(kept);
    if (this.#leaving || running === this.#running) return;
    this.#running = running;
    void this.memory.update(RUNNING_KEY, kept);
  }

  /** The window closes or reloads: what runs now is to be remembered. */
  leave(): void {
    this.#leaving = true;
  }

  /** What the panel shows before another recording. */
  get state(): PanelState {
    if (this.title === null) return PANEL_IDLE;
    return {
      ...PANEL_IDLE,
      title: this.title,
      error: {
        message: this.external
          ? t(
              "{0} was being recorded when this window closed or reloaded. The server goes on without Darcy, and figures that were not saved are gone.",
              this.title,
            )
          : t(
              "{0} was being recorded when this window closed or reloaded. The server was ended with it, and figures that were not saved are gone.",
              this.title,
            ),
        remedy: "",
        action: "profile",
      },
    };
  }
}
