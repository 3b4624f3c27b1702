// Unit tests: which port a server that ended early may have wanted, told by what it names and by who answers there.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { takenPort } from "../../src/recording/takenPort.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-port é "));
const busy = createServer();
let port = 0;
before(async () => {
  busy.listen(0, "127.0.0.1");
  await once(busy, "listening");
  port = (busy.address() as AddressInfo).port;
  writeFileSync(join(folder, "own.js"), `const port = process.env.PORT || ${port};\nserver.listen(port);\n`);
  writeFileSync(join(folder, "none.js"), `const many = ${port};\nserver.listen(0);\n`);
  const scripts = { start: "node own.js", words: `vite --port ${port}`, odd: 3 };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
});
after(() => {
  busy.close();
  rmSync(folder, { recursive: true });
});

test("a port that the script, its package.json line, a word or the environment names, and somebody has", async () => {
  assert.equal(await takenPort(["node", "own.js"], folder, {}), port);
  assert.equal(await takenPort(["npm", "run", "start"], folder, {}), port);
  assert.equal(await takenPort(["npm", "run", "words"], folder, {}), port);
  assert.equal(await takenPort(["tool", "--port", `${port}`], folder, {}), port);
  assert.equal(await takenPort(["node", "none.js"], folder, { PORT: `${port}` }), port);
});

test("no other number counts, nor a port that is free; what can't be read is no error", async () => {
  assert.equal(await takenPort(["node", "none.js"], folder, { PORT: null }), null);
  assert.equal(await takenPort(["node", "gone.js"], folder, {}), null);
  assert.equal(await takenPort(["npm", "run", "odd"], folder, {}), null);
  assert.equal(await takenPort(["npm", "run"], join(folder, "nowhere"), { PORT: "99999" }), null);
});
