// Protocol: which environment files Node's own options name. Both sides ask: the collector of a command, the runtime of itself.

const ENV_FILE = /^--env-file(?:-if-exists)?(?:=(.*))?$/;
/** Node's options whose value may be the next word. */
const WITH_VALUE = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
]);

/** Paths as they are written, in their order. @param words of a command line behind `node`, or an execArgv */
export function envFilesIn(words: readonly string[]): string[] {
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) break;
    const match = ENV_FILE.exec(word);
    if (match !== null) {
      const path = match[1] ?? words[++at];
      if (path !== undefined) files.push(path);
    } else if (WITH_VALUE.has(word)) at++;
  }
  return files;
}
