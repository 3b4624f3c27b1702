// The open orders, newest last. Each worker has its own book, as with any store in memory.

const { readFileSync } = require("node:fs");
const path = require("node:path");

const FILE = path.join(__dirname, "../../data/orders.json");
const OPEN = 60;

class OrderBook {
  #orders = JSON.parse(readFileSync(FILE, "utf8"));
  version = 0;

  get size() {
    return this.#orders.length;
  }

  /** The newest open orders, themselves: orders do not change once they are placed. */
  open() {
    return this.#orders.slice(-OPEN);
  }

  add({ customer, lines }) {
    const order = { id: this.#orders.length + 1, customer, placed: new Date().toISOString(), lines };
    this.#orders.push(order);
    this.version++;
    return order;
  }
}

module.exports = { OrderBook };
