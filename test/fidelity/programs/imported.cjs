// Fidelity: a CommonJS file that an ES module imports: what its `require` and its `module` are.

module.exports = {
  require: Object.keys(require).sort(),
  cached: typeof require.cache === "object" && require.cache[__filename] === module,
  extensions: Object.keys(require.extensions ?? {}),
  resolved: require.resolve("./say.cjs").endsWith("say.cjs"),
  paths: require.resolve.paths("x").length > 0,
  module: Object.keys(module).sort(),
  parent: module.parent === undefined,
  children: module.children.length,
  main: typeof require.main,
  again: () => require("./imported.cjs") === module.exports && require("./say.cjs") === require("./say.cjs"),
};
