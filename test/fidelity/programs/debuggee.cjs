// Fidelity: what `debugger.cjs` debugs.
function handler(text) {
  const before = text.length;
  const value = JSON.parse(text);
  return [before, value];
}
setTimeout(() => {
  handler('{"a":1}');
  setTimeout(() => {
    try {
      JSON.parse("{");
    } catch {}
    process.exit(0);
  }, 1);
}, 1);
