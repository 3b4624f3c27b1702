// Model: the source maps that processes have sent, of scripts that were compiled in memory: by script, as workers run the same
// ones, and by what the script was when it was compiled. Bounded.

import type { Profile } from "./profile.ts";

/** UTF-16 units of all together. */
const MAX_LENGTH = 64_000_000;

type SentMap = NonNullable<Profile["sourceMaps"]>[number];

export class SentMaps {
  readonly #maps = new Map<string, SentMap>();
  #length = 0;

  constructor(private readonly most = MAX_LENGTH) {}

  /** Where there is no room, those of earlier texts go first: what has no map is charged to nobody, not to a wrong line. */
  add(sent: SentMap): void {
    const { length } = sent.map;
    const key = keyOf(sent);
    this.#drop(key);
    for (const [earlier, { changedMs }] of this.#maps) {
      if (this.#length + length <= this.most) break;
      if (changedMs !== undefined && changedMs < (sent.changedMs ?? 0)) this.#drop(earlier);
    }
    if (this.#length + length > this.most) return;
    this.#length += length;
    this.#maps.set(key, sent);
  }

  get all(): readonly SentMap[] {
    return [...this.#maps.values()];
  }

  #drop(key: string): void {
    this.#length -= this.#maps.get(key)?.map.length ?? 0;
    this.#maps.delete(key);
  }
}

/** One for what is of one script with one text. */
export function keyOf({ url, changedMs }: Pick<SentMap, "url" | "changedMs">): string {
  return `${changedMs ?? ""}\n${url}`;
}
