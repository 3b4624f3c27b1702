// How many of each article are in stock: a file behind one mutex, for readers and writers alike.

const { Mutex } = require("async-mutex");
const { copyFileSync } = require("node:fs");
const { readFile, writeFile } = require("node:fs/promises");
const path = require("node:path");

const INITIAL = path.join(__dirname, "../../data/stock.json");

class Stock {
  #file;
  #mutex = new Mutex();

  constructor(file) {
    this.#file = file;
    copyFileSync(INITIAL, file);
  }

  levels() {
    return this.#mutex.runExclusive(() => this.#read()); //= locks //= holder
  }

  /** Takes what the lines ask for, all or nothing. @returns the article that is short, or null */
  take(lines) {
    return this.#mutex.runExclusive(async () => {
      const levels = await this.#read();
      for (const { sku, quantity } of lines) {
        if (!(levels[sku] >= quantity)) return sku;
        levels[sku] -= quantity;
      }
      await writeFile(this.#file, JSON.stringify(levels));
      return null;
    });
  }

  async #read() {
    const bytes = await readFile(this.#file); //= switches 8 (26: 2)
    return JSON.parse(bytes.toString("utf8")); //= copies 4070
  }
}

module.exports = { Stock };
