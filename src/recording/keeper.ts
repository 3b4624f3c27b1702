// Recording: keeps what nobody has saved beyond its window: a reload, VS Code's end or a crash does not take it, nor does the next
// recording. Knows which file holds the panel's recording, also after the window's end.

import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Memento } from "vscode";
import { errorCode } from "../common/errors.ts";
import { type Keepable, Keeping, type KeepingHost } from "./keeping.ts";
import type { KeptFiles } from "./keptFiles.ts";

/** In the workspace's memory: the file of the panel's recording, and the process that writes it. */
const LAST_KEY = "darcy.last";
/** VS Code gives an extension host that ends five seconds; another one may run before it has. */
const LEAVING_MILLIS = 8_000;
const LOOK_MILLIS = 50;

export interface KeeperHost extends Pick<KeepingHost, "frontOf"> {
  /** Other files are kept now. */
  changed(): void;
  /** @param ended whether it was the last try */
  failed(title: string, error: unknown, ended: boolean): void;
}

export class Keeper {
  #left: string | null;
  readonly #writer: number;
  #current: { readonly recording: Keepable; readonly keeping: Keeping } | null = null;
  #leaving = false;

  constructor(
    readonly files: KeptFiles,
    private readonly memory: Pick<Memento, "get" | "update">,
    private readonly host: KeeperHost,
  ) {
    const last: unknown = memory.get(LAST_KEY);
    const { file, by } = (typeof last === "object" && last !== null ? last : {}) as Record<string, unknown>;
    this.#left = typeof file === "string" ? file : null;
    this.#writer = typeof by === "number" ? by : 0;
  }

  /** That the panel showed before the window's end, which may be gone; null: none. */
  get left(): string | null {
    return this.#left;
  }

  /** The same once it is there: it may be written still. Null: there is none. */
  async findLeft(): Promise<string | null> {
    const deadline = performance.now() + LEAVING_MILLIS;
    while (this.#left !== null && !existsSync(this.#left)) {
      if (!runs(this.#writer) || performance.now() > deadline) return null;
      await delay(LOOK_MILLIS);
    }
    return this.#left;
  }

  /** The recording that begins now; the one before it stays where it is. */
  begin(recording: Keepable): Keeping {
    const { files, host } = this;
    const { title } = recording;
    const keeping = new Keeping(files.place(title), recording, files, {
      written: () => host.changed(),
      // Who has left the window sees no message.
      failed: (error, ended) => host.failed(title, error, ended && !this.#leaving),
      frontOf: (packed) => host.frontOf(packed),
    });
    this.#current = { recording, keeping };
    void this.memory.update(LAST_KEY, { file: keeping.file, by: process.pid });
    host.changed();
    return keeping;
  }

  /** Of the panel's recording, which is in this window's memory; there may be no such file. */
  get current(): string | null {
    return this.#current?.keeping.file ?? null;
  }

  /** Nothing more of it is measured. Resolves when all of it is kept, or can't be. */
  async ended(recording: Keepable): Promise<void> {
    if (this.#current?.recording === recording) await this.#current.keeping.end(this.#leaving);
  }

  /** Another file holds all of it. */
  async saved(recording: Keepable, file: string): Promise<void> {
    if (this.#current?.recording !== recording) return;
    void this.memory.update(LAST_KEY, { file });
    await this.ended(recording);
    await this.files.remove(this.#current.keeping.file);
    this.host.changed();
  }

  /** One of another time stands elsewhere now. */
  async moved(from: string, to: string): Promise<void> {
    if (this.#left === from) {
      this.#left = to;
      if (this.#current === null) void this.memory.update(LAST_KEY, { file: to });
    }
    await this.files.remove(from);
    this.host.changed();
  }

  /** The window closes or reloads: there are seconds. */
  leave(): void {
    this.#leaving = true;
  }
}

function runs(pid: number): boolean {
  if (pid <= 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}
