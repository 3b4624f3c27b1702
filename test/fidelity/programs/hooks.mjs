// Fidelity: asynchronous hooks for modules, as those of transpilers and tracers: Node runs them in a thread of its own.

export async function resolve(specifier, context, next) {
  return specifier === "virtual:five"
    ? { url: "virtual:five", format: "module", shortCircuit: true }
    : next(specifier, context);
}

export async function load(url, context, next) {
  if (url === "virtual:five") return { format: "module", shortCircuit: true, source: "export default 5;" };
  const loaded = await next(url, context);
  return url.endsWith("/hooked.mjs") && loaded.source != null
    ? { ...loaded, source: `${loaded.source}\nsay.say("hooked", true);` }
    : loaded;
}
