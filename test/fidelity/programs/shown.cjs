// Fidelity programs: values and errors as one line, so that two runs can be compared.
const { thrown } = require("./say.cjs");

/** Without the names that are known to be others: of a callback, and of V8's SharedArrayBuffer. */
function saidOf(error) {
  return thrown(error)
    .replaceAll(/Received function \S*/g, "Received a function")
    .replaceAll(/#<SharedArrayBuffer>|\[object SharedArrayBuffer\]/g, "a shared buffer");
}

function shown(value, depth = 0) {
  if (value instanceof Error) return saidOf(value);
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value))
    return depth > 2 ? "[…]" : `[${value.map((one) => shown(one, depth + 1)).join(", ")}]`;
  const own =
    value.constructor === Object && depth < 3
      ? ` {${Object.entries(value)
          .map(([key, one]) => `${key}: ${shown(one, depth + 1)}`)
          .join(", ")}}`
      : "";
  return `${value.constructor?.name} ${value.byteLength ?? ""}${own}`;
}

module.exports = { saidOf, shown };
