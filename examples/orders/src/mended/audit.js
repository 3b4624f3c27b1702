// Notes every access in a log file that stays open; lines gather and go out together.

const { closeSync, openSync, write, writeSync } = require("node:fs");

const FLUSH_MS = 200;

class Audit {
  #descriptor;
  #lines = [];
  #timer = null;

  constructor(file) {
    this.#descriptor = openSync(file, "a");
  }

  note(action, subject) {
    this.#lines.push(`${new Date().toISOString()} ${action} ${subject}\n`);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  close() {
    clearTimeout(this.#timer);
    writeSync(this.#descriptor, this.#take());
    closeSync(this.#descriptor);
  }

  #flush() {
    this.#timer = null;
    write(this.#descriptor, this.#take(), (error) => {
      if (error) console.error(error);
    });
  }

  #take() {
    return this.#lines.splice(0).join("");
  }
}

module.exports = { Audit };
