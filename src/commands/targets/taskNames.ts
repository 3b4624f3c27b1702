// Commands: which tasks belong to a wanted one: it and all that it depends on, as tasks.json has them. VS Code's tasks do not say
// what they depend on.

/** Of VS Code's task. */
export interface NamedTask {
  readonly name: string;
  /** `Workspace`, or who contributed it: `npm`. */
  readonly source: string;
}

/**
 * @param wanted as in launch.json
 * @param configured what tasks.json files hold, of any content
 * @returns labels; null where the tasks can't be told by their labels
 */
export function namesOfTasks(wanted: unknown, configured: readonly unknown[]): ReadonlySet<string> | null {
  const entries = configured.filter((entry) => typeof entry === "object" && entry !== null);
  const names = new Set<string>();
  const open: unknown[] = [wanted];
  while (open.length > 0) {
    const name = open.pop();
    // What it stands for is VS Code's to know: a task by its properties, or a variable.
    if (typeof name !== "string" || name.includes("${")) return null;
    if (names.has(name)) continue;
    names.add(name);
    for (const entry of entries) {
      const { label, taskName, identifier, dependsOn } = entry as Readonly<Record<string, unknown>>;
      const own = label ?? taskName;
      // It is called by what it runs, as `npm: build`.
      if (typeof own !== "string" && dependsOn !== undefined) return null;
      if (own !== name && identifier !== name) continue;
      open.push(own);
      if (dependsOn !== undefined) open.push(...(Array.isArray(dependsOn) ? dependsOn : [dependsOn]));
    }
  }
  return names;
}

export function isNamed({ name, source }: NamedTask, names: ReadonlySet<string> | null): boolean {
  return names === null || names.has(name) || names.has(`${source}: ${name}`);
}
