// What GET /orders answers: the open orders with prices, availability and a signed statement.

const ledger = require("ledger");
const { readCatalogue } = require("./catalogue.js");

async function overview(orders, stock, signer) {
  const catalogue = await readCatalogue();
  const levels = await stock.levels();
  const priced = orders.map((order) => priceOrder(order, catalogue, levels)).reduce(append, []);
  const statement = ledger.statement(orders); //= copies 241920 //= allocations
  const signature = await signer.sign(statement);
  const body = JSON.stringify({ orders: priced, statementBytes: statement.length }); //= copies 19876
  return { body, signature };
}

/** A list with one more order; the old list stays as it was. */
function append(list, order) {
  return [...list, order]; //= allocations
}

function priceOrder(order, catalogue, levels) {
  const lines = order.lines.map((line) => priceLine(line, catalogue, levels));
  return { ...order, lines, cents: lines.reduce((sum, line) => sum + line.cents, 0) }; //= allocations
}

function priceLine(line, catalogue, levels) {
  const article = catalogue.find(({ sku }) => sku === line.sku);
  return {
    ...line,
    name: article.name,
    cents: article.cents * line.quantity, //= allocations
    available: levels[line.sku] >= line.quantity,
  };
}

module.exports = { overview };
