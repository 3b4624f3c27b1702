// The articles we sell, by number; read at the start and again when the file changes.

const { readFileSync, watchFile } = require("node:fs");
const path = require("node:path");

const FILE = path.join(__dirname, "../../data/catalogue.json");
const LOOK_EVERY_MS = 5_000;

class Catalogue {
  #articles = read();
  version = 0;

  constructor() {
    watchFile(FILE, { interval: LOOK_EVERY_MS, persistent: false }, () => {
      this.#articles = read();
      this.version++;
    });
  }

  article(sku) {
    return this.#articles.get(sku);
  }
}

function read() {
  return new Map(JSON.parse(readFileSync(FILE, "utf8")).map((article) => [article.sku, article]));
}

module.exports = { Catalogue };
