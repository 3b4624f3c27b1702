// Runtime, symmetric: whether this process is a framework's development server. It compiles into one folder, which
// it locks (next) or takes for its own: several would break each other's files, so it runs as it is, with one worker.

/** Children of `next dev` (`next start` serves in its own process), `react-scripts start` and, after a change of its settings, `nuxt dev`. */
const CHILD =
  /[\\/](?:next[\\/]dist[\\/]server[\\/]lib[\\/]start-server|react-scripts[\\/]scripts[\\/]start|(?:@nuxt[\\/]cli|nuxi)[\\/]dist[\\/]dev[\\/]index)(?:\.m?js)?$/;
const DEPENDENCY = /[\\/]node_modules[\\/]/;
/** As in `nuxt dev`, `astro dev`, `gatsby develop`. */
const DEVELOPS = new Set(["dev", "develop"]);
/** Those that have another word for it, by their program or their package. */
const OWN_WORDS: readonly (readonly [program: RegExp, words: readonly string[]])[] = [
  [/[\\/](?:\.bin[\\/]ng$|@angular[\\/]cli[\\/])/, ["serve", "s"]],
  [/[\\/](?:\.bin[\\/]vue-cli-service$|@vue[\\/]cli-service[\\/])/, ["serve"]],
  [/[\\/](?:\.bin[\\/]docusaurus$|@docusaurus[\\/]core[\\/])/, ["start"]],
  [/[\\/](?:\.bin[\\/]expo$|expo[\\/]bin[\\/]|@expo[\\/]cli[\\/])/, ["start"]],
];

export function isDevelopmentServer([, entry = "", ...words]: readonly string[]): boolean {
  if (CHILD.test(entry)) return true;
  if (!DEPENDENCY.test(entry)) return false;
  const verb = words.find((word) => !word.startsWith("-")) ?? "";
  return DEVELOPS.has(verb) || OWN_WORDS.some(([program, own]) => own.includes(verb) && program.test(entry));
}
