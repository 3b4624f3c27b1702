// The other end of Signer: runs in the worker thread.

const { createHmac } = require("node:crypto");
const { parentPort } = require("node:worker_threads");

parentPort.on("message", ([id, statement]) => {
  const signature = createHmac("sha256", "not a real key").update(statement).digest("hex");
  parentPort.postMessage([id, signature]); //= switches 1
});
