// How many of each article are in stock: kept in memory, where one thread needs no lock, and saved behind.

const { readFileSync } = require("node:fs");
const { writeFile } = require("node:fs/promises");
const path = require("node:path");

const INITIAL = path.join(__dirname, "../../data/stock.json");

class Stock {
  #file;
  #levels = new Map(Object.entries(JSON.parse(readFileSync(INITIAL, "utf8"))));
  #saving = null;
  version = 0;

  constructor(file) {
    this.#file = file;
  }

  level(sku) {
    return this.#levels.get(sku);
  }

  /** Takes what the lines ask for, all or nothing. @returns the article that is short, or null */
  take(lines) {
    const wanted = new Map();
    for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    for (const [sku, quantity] of wanted) if (!(this.#levels.get(sku) >= quantity)) return sku;
    for (const [sku, quantity] of wanted) this.#levels.set(sku, this.#levels.get(sku) - quantity);
    this.version++;
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return null;
  }

  /** Writes until what is on disk is the newest. */
  async #save() {
    for (let saved = -1; saved !== this.version; ) {
      saved = this.version;
      await writeFile(this.#file, JSON.stringify(Object.fromEntries(this.#levels)));
    }
  }
}

module.exports = { Stock };
