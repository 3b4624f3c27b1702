// Views: where a file that a recording names is here: at its recorded place, else, recorded in another checkout or in a container,
// in the workspace's folder that has it by the same way. Pure.

/** From a folder that stands for one of those that the server ran in. */
export interface Way {
  /** Names of folders and of the file; no `..` among them. */
  readonly file: readonly string[];
  /** To where the server ran. */
  readonly cwd: readonly string[];
}

/** What is looked at: folders and files by addresses of any kind. */
export interface Disk<A> {
  /** The workspace's, in their order. */
  readonly folders: readonly { readonly at: A; readonly path: string }[];
  /** Null: it is not asked for. */
  recorded(file: string): A | null;
  join(folder: A, names: readonly string[]): A;
  isFile(at: A): Promise<boolean>;
}

export interface LocalPlace<A> {
  readonly file: A;
  /** What stands here for where the server ran; null: that itself. */
  readonly cwd: A | null;
}

/** One form for all: forward slashes, and drives in small letters as VS Code has them. */
export function fileKey(path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const drive = /^\/?([A-Za-z]):(?=\/)/.exec(slashed);
  return drive === null ? slashed : `/${drive[1]?.toLowerCase()}:${slashed.slice(drive[0].length)}`;
}

/**
 * The shortest first: from where the server ran, then from each folder above, for a workspace that is more than that.
 * None for what is no path, and for what would lead out of a folder.
 */
export function waysTo(file: string, cwd: string): Way[] {
  const [names, above] = [namesIn(file), namesIn(cwd)];
  if (names === null || above === null) return [];
  const ways: Way[] = [];
  for (let depth = sharedNames(names, above); depth >= 0; depth--) {
    const way = names.slice(depth);
    if (way.length > 0 && !way[0]?.endsWith(":")) ways.push({ file: way, cwd: above.slice(depth) });
  }
  return ways;
}

/** @param cwd where the server ran */
export async function findLocal<A>(file: string, cwd: string, disk: Disk<A>): Promise<LocalPlace<A> | null> {
  const recorded = disk.recorded(file);
  if (recorded !== null && (await disk.isFile(recorded))) return { file: recorded, cwd: null };
  const folders = likeFirst(disk.folders, cwd);
  for (const way of waysTo(file, cwd))
    for (const { at } of folders) {
      const found = disk.join(at, way.file);
      if (await disk.isFile(found)) return { file: found, cwd: disk.join(at, way.cwd) };
    }
  return null;
}

/** Of two recordings' folders the one that a file is of. */
export function cwdOf(file: string, cwds: readonly string[]): string {
  const names = namesIn(file) ?? [];
  const shared = (cwd: string) => sharedNames(names, namesIn(cwd) ?? []);
  return cwds.reduce((best, cwd) => (shared(cwd) > shared(best) ? cwd : best), cwds[0] ?? "");
}

/** First those that are called as where the server ran: packages of one repository have files of the same names. */
function likeFirst<A>(folders: Disk<A>["folders"], cwd: string): Disk<A>["folders"] {
  const names = (namesIn(cwd) ?? []).reverse();
  const alike = folders.map((folder) => ({
    folder,
    shared: sharedNames((namesIn(folder.path) ?? []).reverse(), names),
  }));
  return alike.sort((a, b) => b.shared - a.shared).map(({ folder }) => folder);
}

function sharedNames(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a[shared] === b[shared]) shared++;
  return shared;
}

/** Null: no absolute path, or one with steps that lead elsewhere than they say. */
function namesIn(path: string): string[] | null {
  const [root, ...names] = fileKey(path).replace(/\/+$/, "").split("/");
  if (root !== "" || names.length === 0) return null;
  return names.some((name) => name === "" || name === "." || name === "..") ? null : names;
}
