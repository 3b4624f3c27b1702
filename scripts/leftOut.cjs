// Stands in a bundle for packages that a library loads and the bundle never uses: for what they export, which may be extended.
module.exports = class LeftOut {};
