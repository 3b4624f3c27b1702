// Signs statements in a worker thread, to keep the loop free. One trip there and back for each.

const path = require("node:path");
const { Worker } = require("node:worker_threads");

class Signer {
  #thread = new Worker(path.join(__dirname, "signerThread.js"));
  #waiting = new Map();
  #last = 0;

  constructor() {
    this.#thread.on("message", ([id, signature]) => {
      this.#waiting.get(id)(signature);
      this.#waiting.delete(id);
    });
  }

  sign(statement) {
    return new Promise((resolve) => {
      const id = ++this.#last;
      this.#waiting.set(id, resolve);
      this.#thread.postMessage([id, statement]); //= switches 1 //= copies 7697 (24: 65553) //= allocations
    });
  }

  close() {
    return this.#thread.terminate();
  }
}

module.exports = { Signer };
