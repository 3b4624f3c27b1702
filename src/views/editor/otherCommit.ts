// Editor: whether another commit is checked out than was measured, in the repository that holds the file. A repository
// within another, or beside it, has commits of its own.

import { dirname } from "node:path";
import { gitCommit, gitRoot } from "../../collector/gitCommit.ts";
import { isInside } from "../../common/isInside.ts";

const KNOWN_MILLIS = 10_000;
const MOST_FOLDERS = 200;

interface Checkout {
  readonly root: ReturnType<typeof gitRoot>;
  readonly commit: string | null;
  readonly until: number;
}

export class OtherCommit {
  readonly #known = new Map<string, Checkout>();

  /**
   * @param mayRead whether a path that a recording names may be looked into
   * @param now milliseconds of a clock that is never set back
   */
  constructor(
    private readonly mayRead: (path: string) => boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The commit that was measured, where another one is checked out now; null where it is the same, and where that is not known:
   * recordings know the commit of the folder that the server ran in, and of no other repository.
   *
   * @param cwd as the recording says: looked into only where it leads into the file's own repository, or may be
   * @param file one that the user has opened
   */
  measured(commit: string | null, cwd: string, file: string): string | null {
    if (commit === null || cwd === "") return null;
    const of = this.#checkout(dirname(file));
    if (of.root === null || of.commit === null || of.commit === commit) return null;
    const known = [of.root.spelled, of.root.real].some((root) => isInside(cwd, root));
    if (!known && !this.mayRead(cwd)) return null;
    return this.#checkout(cwd).root?.real === of.root.real ? commit : null;
  }

  #checkout(folder: string): Checkout {
    const known = this.#known.get(folder);
    if (known !== undefined && known.until >= this.now()) return known;
    if (this.#known.size >= MOST_FOLDERS) this.#known.clear();
    const found = { root: gitRoot(folder), commit: gitCommit(folder), until: this.now() + KNOWN_MILLIS };
    this.#known.set(folder, found);
    return found;
  }
}
