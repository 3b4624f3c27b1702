// Model: the windows of all workers in one list, in order of their ends. A growing session is read several times a second: what
// has come since stands at its end, and only where lists were joined are all put in order anew.

import type { ProfileWindow } from "./profile.ts";
import type { WindowList } from "./windowList.ts";

export class OrderedWindows {
  /** Handed out, and never changed; null: to be made anew. */
  #windows: readonly ProfileWindow[] | null = null;
  #since: ProfileWindow[] = [];

  /** One was added to one of the lists, which is as it was else. */
  add(window: ProfileWindow): void {
    if (this.#windows !== null) this.#since.push(window);
  }

  /** A list is another one. */
  forget(): void {
    this.#windows = null;
    this.#since = [];
  }

  /** The same list again while nothing has come. */
  of(lists: readonly WindowList[]): readonly ProfileWindow[] {
    if (this.#windows === null)
      this.#windows = lists.flatMap(({ windows }) => windows).sort((a, b) => a.endMicros - b.endMicros);
    else if (this.#since.length > 0) this.#windows = withNewest(this.#windows, this.#since);
    this.#since = [];
    return this.#windows;
  }
}

function withNewest(windows: readonly ProfileWindow[], since: readonly ProfileWindow[]): ProfileWindow[] {
  const all = [...windows];
  for (const window of since) {
    let at = all.length;
    while (at > 0 && (all[at - 1] as ProfileWindow).endMicros > window.endMicros) at--;
    all.splice(at, 0, window);
  }
  return all;
}
