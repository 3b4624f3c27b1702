// Notes every access in a log file, one line at a time: opened, written and closed for each.

const { appendFile } = require("node:fs/promises");

class Audit {
  #file;

  constructor(file) {
    this.#file = file;
  }

  async note(action, subject) {
    await appendFile(this.#file, `${new Date().toISOString()} ${action} ${subject}\n`); //= switches 6 (26: 2)
  }
}

module.exports = { Audit };
