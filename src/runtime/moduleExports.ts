// Runtime: makes the line that is put behind an ES module's source to hand its exports over. It names the local
// binding behind each export; a form that is not understood is left out, never guessed.

const IDENTIFIER = "[A-Za-z_$][\\w$]*";
const DEFAULT_FUNCTION = new RegExp(
  `^[ \\t]*export\\s+default\\s+(?:async\\s+)?(?:function|class)\\s+(${IDENTIFIER})`,
  "gm",
);
const NAMED_DECLARATION = new RegExp(
  `^[ \\t]*export\\s+(?:async\\s+)?(?:function|class)\\s+(${IDENTIFIER})`,
  "gm",
);
const LIST = /^[ \t]*export\s*\{([^{}]*)\}\s*(?!\s*from)(?:;|$)/gm;
const ITEM = new RegExp(`^(${IDENTIFIER})(?:\\s+as\\s+(${IDENTIFIER}))?$`);
/** No names of bindings, or such as can't be assigned to: they would make the whole source a syntax error. */
const RESERVED = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

/** Null when nothing of it can be handed over. Starts with a line end: the source's own lines stay as they are. */
export function handOverLine(source: string, url: string, replaces: readonly string[]): string | null {
  const members: string[] = [];
  for (const [exported, local] of exportsOf(source)) {
    if (RESERVED.has(local)) continue;
    // A binding that is assigned to costs V8 its constancy, so only what may be replaced gets a setter.
    const write = replaces.includes(exported) ? `, (value) => { ${local} = value; }` : "";
    members.push(`${JSON.stringify(exported)}: [() => ${local}${write}]`);
  }
  if (members.length === 0) return null;
  return `\n;globalThis[Symbol.for("darcy.module")]?.(${JSON.stringify(url)}, { ${members.join(", ")} });\n`;
}

/** Exported name to local name. */
function exportsOf(source: string): Map<string, string> {
  const found = new Map<string, string>();
  const defaults = [...source.matchAll(DEFAULT_FUNCTION)];
  if (defaults.length === 1) found.set("default", defaults[0]?.[1] as string);
  for (const match of source.matchAll(NAMED_DECLARATION)) found.set(match[1] as string, match[1] as string);
  for (const match of source.matchAll(LIST)) {
    for (const item of (match[1] as string).split(",")) {
      const parts = ITEM.exec(item.trim());
      if (parts !== null) found.set(parts[2] ?? (parts[1] as string), parts[1] as string);
    }
  }
  return found;
}
