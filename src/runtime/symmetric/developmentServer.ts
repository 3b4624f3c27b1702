// Runtime, symmetric: whether this process is a framework's development server. It compiles into one folder, which
// it locks (next) or takes for its own: several would break each other's files, so it runs as it is, with one worker.

/** The child of `next dev`; `next start` serves in its own process. */
const NEXT_DEV = /[\\/]next[\\/]dist[\\/]server[\\/]lib[\\/]start-server(?:\.js)?$/;
const DEPENDENCY = /[\\/]node_modules[\\/]/;
/** As in `nuxt dev`, `astro dev`, `gatsby develop`. */
const DEVELOPS = new Set(["dev", "develop"]);

export function isDevelopmentServer([, entry = "", ...words]: readonly string[]): boolean {
  if (NEXT_DEV.test(entry)) return true;
  return DEPENDENCY.test(entry) && DEVELOPS.has(words.find((word) => !word.startsWith("-")) ?? "");
}
