// Fidelity: the source text of every function that can be reached: where it differs under the preload, it is patched.
const { reachable } = require("./reachable.cjs");

for (const [path, { value }] of reachable()) {
  let text;
  try {
    text = Function.prototype.toString.call(value);
  } catch {
    continue;
  }
  console.log(`${path}: ${text.length} ${text.slice(0, 60).replaceAll(/\s+/g, " ")}`);
}
