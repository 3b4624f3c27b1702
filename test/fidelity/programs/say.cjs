// Fidelity programs: how they tell what they see, one "label: value" a line. What differs by nature from run to run is
// not told.
const { inspect } = require("node:util");

/** @param value text as it is, all else as `util.inspect` shows it on one line */
function say(label, value) {
  const text = typeof value === "string" ? value : inspect(value, { depth: 4, breakLength: Infinity });
  process.stdout.write(`${label}: ${text.replaceAll("\n", "\\n")}\n`);
}

/** Name, code and message of what `action` throws, else what it gives. */
function outcome(action) {
  try {
    return action();
  } catch (error) {
    return thrown(error);
  }
}

function thrown(error) {
  if (typeof error !== "object" || error === null) return `throws ${String(error)}`;
  const code = error.code === undefined ? "" : ` [${error.code}]`;
  return `throws ${error.constructor?.name} ${error.name}${code}: ${error.message}`;
}

/** Keeps the order of events in one line. */
function events() {
  const seen = [];
  return { add: (name) => void seen.push(name), text: () => seen.join(" > ") };
}

module.exports = { say, outcome, thrown, events };
