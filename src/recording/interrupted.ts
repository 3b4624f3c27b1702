// Recording: remembers that one runs, so that after a reload of the window it can be said that it ended.

import type * as vscode from "vscode";
import type { PanelState } from "../protocol/panel.ts";
import { PANEL_IDLE } from "./idle.ts";

const KEY = "darcy.running";

export class Interrupted {
  /** The title of the recording that the window's end cut off; null when none was. */
  readonly title: string | null;
  /** Its server was not ours to end. */
  readonly #external: boolean;
  #running: string | undefined;
  #leaving = false;

  constructor(private readonly memory: Pick<vscode.Memento, "get" | "update">) {
    const kept: unknown = memory.get(KEY);
    this.#external = typeof kept === "object" && kept !== null && "external" in kept;
    const title: unknown = this.#external ? (kept as { external: unknown }).external : kept;
    this.title = typeof title === "string" ? title : null;
    if (kept !== undefined) void memory.update(KEY, undefined);
  }

  /** @param title of the recording that runs now */
  follow(title: string | undefined, external = false): void {
    if (this.#leaving || title === this.#running) return;
    this.#running = title;
    void this.memory.update(KEY, external ? { external: title } : title);
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
        message: `${this.title} was being recorded when this window closed or reloaded. ${this.#external ? "The server goes on without Darcy" : "The server was ended with it"}, and figures that were not saved are gone.`,
        remedy: "",
        action: "profile",
      },
    };
  }
}
