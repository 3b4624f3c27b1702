// What GET /orders answers, made once and kept as bytes until an order, the stock or a price changes.

const { createHmac } = require("node:crypto");
const ledger = require("ledger");

class Overview {
  #book;
  #stock;
  #catalogue;
  #answer = null;
  #version = "";

  constructor(book, stock, catalogue) {
    this.#book = book;
    this.#stock = stock;
    this.#catalogue = catalogue;
  }

  current() {
    const version = `${this.#book.version} ${this.#stock.version} ${this.#catalogue.version}`;
    if (this.#answer === null || version !== this.#version) {
      this.#answer = this.#make();
      this.#version = version;
    }
    return this.#answer;
  }

  #make() {
    const open = this.#book.open();
    const orders = open.map((order) => this.#priceOrder(order));
    const statement = ledger.statementInto(open);
    const signature = createHmac("sha256", "not a real key").update(statement).digest("hex");
    return { body: Buffer.from(JSON.stringify({ orders, statementBytes: statement.length })), signature };
  }

  #priceOrder(order) {
    const lines = order.lines.map((line) => this.#priceLine(line));
    return { ...order, lines, cents: lines.reduce((sum, line) => sum + line.cents, 0) };
  }

  #priceLine(line) {
    const { name, cents } = this.#catalogue.article(line.sku);
    return {
      ...line,
      name,
      cents: cents * line.quantity,
      available: this.#stock.level(line.sku) >= line.quantity,
    };
  }
}

module.exports = { Overview };
