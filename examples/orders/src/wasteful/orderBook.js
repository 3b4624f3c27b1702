// The open orders, newest last. Each worker has its own book, as with any store in memory.

const { readFileSync } = require("node:fs");
const path = require("node:path");

const FILE = path.join(__dirname, "../../data/orders.json");
const OPEN = 60;

class OrderBook {
  #orders = JSON.parse(readFileSync(FILE, "utf8"));

  get size() {
    return this.#orders.length;
  }

  /** The newest open orders; copies, so that nobody changes the book by accident. */
  open() {
    const text = JSON.stringify(this.#orders.slice(-OPEN)); //= copies 9857
    return JSON.parse(text); //= copies 9857 //= allocations
  }

  add({ customer, lines }) {
    const order = { id: this.#orders.length + 1, customer, placed: new Date().toISOString(), lines };
    this.#orders.push(order);
    return order;
  }
}

module.exports = { OrderBook };
