// Fidelity programs: calls as they are meant, of functions that arbitrary arguments hardly ever please.
const { subtle } = require("node:crypto").webcrypto;
const { requestWithoutNetwork } = require("./selves.cjs");

const DATA = Buffer.from("sixteen bytes...");
const AES = { name: "AES-CBC", iv: DATA };
const DERIVED = { name: "PBKDF2", salt: DATA, iterations: 2, hash: "SHA-1" };
const done = () => {};

/** @returns by the end of a path what makes its arguments, anew for each call */
async function meantCalls() {
  const imported = (algorithm, uses) => subtle.importKey("raw", DATA, algorithm, false, uses);
  const hmac = await imported({ name: "HMAC", hash: "SHA-256" }, ["sign", "verify"]);
  const aes = await imported(AES, ["encrypt", "decrypt"]);
  const password = await imported(DERIVED, ["deriveBits", "deriveKey"]);
  const signed = await subtle.sign("HMAC", hmac, DATA);
  const encrypted = await subtle.encrypt(AES, aes, DATA);
  return [
    [/\.decrypt$/, () => [AES, aes, encrypted]],
    [/\.encrypt$/, () => [AES, aes, DATA]],
    [/\.digest$/, () => ["SHA-256", DATA]],
    [/SubtleCrypto.*\.sign$/, () => ["HMAC", hmac, DATA]],
    [/SubtleCrypto.*\.verify$/, () => ["HMAC", hmac, signed, DATA]],
    [/\.deriveBits$/, () => [DERIVED, password, 128]],
    [/\.deriveKey$/, () => [DERIVED, password, { name: "AES-CBC", length: 128 }, true, ["encrypt"]]],
    [/SubtleCrypto.*\.generateKey$/, () => [{ name: "AES-CBC", length: 128 }, true, ["encrypt"]]],
    [/\.generateKey$/, () => ["hmac", { length: 64 }, done]],
    [/\.generateKeySync$/, () => ["aes", { length: 128 }]],
    [/\.generateKeyPair$/, () => ["ed25519", {}, done]],
    [/\.generateKeyPairSync$/, () => ["ed25519", {}]],
    [/^dns\.lookup$/, () => ["localhost", { all: true }, done]],
    [/^dns\.lookupService$/, () => ["127.0.0.1", 80, done]],
    [/promises\.lookup$/, () => ["127.0.0.1", { family: 4 }]],
    [/promises\.lookupService$/, () => ["127.0.0.1", 80]],
    [/\.spawnSync$/, () => [process.execPath, ["--version"], { stdio: "pipe" }]],
    [/\.execFileSync$/, () => [process.execPath, ["--version"], { encoding: "latin1" }]],
    [/\.execSync$/, () => ["echo a", { encoding: "utf8" }]],
    [/ChildProcess\.prototype\.spawn$/, () => [{ file: process.execPath, args: ["node", "--version"] }]],
    [/\.addRequest$/, () => [requestWithoutNetwork(), { host: "127.0.0.1", port: 1 }]],
    [/\.onSocket$/, () => [null]],
    [/Socket\.prototype\.connect$/, () => [{ host: "127.0.0.1", port: 1 }]],
    [/Session\.prototype\.post$/, () => ["Runtime.evaluate", { expression: "1 + 1" }, done]],
    [/DatabaseSync\.prototype\.exec$/, () => ["insert into t values (3)"]],
    [/StatementSync\.prototype\.\w+$/, () => ["three"]],
    [/postMessage$/, () => moved()],
  ];
}

function moved() {
  const buffer = new ArrayBuffer(8);
  return [{ buffer, list: [1, "two"] }, [buffer]];
}

module.exports = { meantCalls };
