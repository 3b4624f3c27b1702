// Brings and runs a real VS Code from npm, for machines without one: the workbench served to a browser. Used by
// `npm start` and the VS Code tests.
import { execFile, spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
export const root = fileURLToPath(new URL("..", import.meta.url));
/** One place for all that tests and `npm start` download. */
export const cacheFolder = resolve(process.env.DARCY_CACHE ?? join(root, ".cache"));

// code-server is the package that delivers VS Code's own server; its 4.139 holds VS Code 1.139.
const CODE_SERVER = "4.139.1";
const NODE = "24";
const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const STAMP = `code-server ${CODE_SERVER}, ${nodePackage} ${NODE}, layout 1`;

/**
 * Sets VS Code up in the cache, once a version (about half a minute), and says where it is.
 * @param {(line: string) => void} log
 * @returns {Promise<{ node: string, serverMain: string, version: string }>}
 */
export async function ensureVsCode(log = console.error) {
  const home = join(cacheFolder, "vscode", CODE_SERVER);
  const stamp = join(home, "stamp.txt");
  if (!existsSync(stamp) || (await readFile(stamp, "utf8")) !== STAMP) {
    log(`Setting up VS Code from npm (code-server ${CODE_SERVER}), once, in ${home}`);
    await mkdir(dirname(home), { recursive: true });
    // Made beside its place and moved there whole, so that an interrupted set-up leaves nothing half done.
    const draft = await mkdtemp(`${home}-`);
    try {
      await setUp(draft, log);
      await writeFile(join(draft, "stamp.txt"), STAMP);
      await rm(home, { recursive: true, force: true });
      await rename(draft, home);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  const paths = pathsIn(home);
  const product = JSON.parse(await readFile(join(paths.vscode, "package.json"), "utf8"));
  return {
    node: paths.node,
    serverMain: join(paths.vscode, "out", "server-main.js"),
    version: product.version,
  };
}

function pathsIn(home) {
  const nodeFolder = join(home, "node", "node_modules", nodePackage);
  return {
    nodeFolder,
    node:
      process.platform === "win32" ? join(nodeFolder, "bin", "node.exe") : join(nodeFolder, "bin", "node"),
    vscode: join(home, "code-server", "node_modules", "code-server", "lib", "vscode"),
  };
}

async function setUp(home, log) {
  const paths = pathsIn(home);
  // Two folders: in one they disturb each other.
  await npmInstall(join(home, "node"), [`${nodePackage}@${NODE}`]);
  await npmInstall(join(home, "code-server"), [`code-server@${CODE_SERVER}`]);
  const path = `${dirname(paths.node)}${delimiter}${process.env.PATH}`;
  await npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: paths.vscode,
    path,
  });
  await buildWatchdog(paths, path, log);
}

async function npmInstall(folder, packages) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  await npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: folder });
}

/** The one native module without which the extension host does not start. */
async function buildWatchdog({ vscode, node, nodeFolder }, path, log) {
  const folder = join(vscode, "node_modules", "@vscode", "native-watchdog");
  try {
    const gyp = join(dirname(npmCli()), "..", "node_modules", "node-gyp", "bin", "node-gyp.js");
    await run(node, [gyp, "rebuild", `--nodedir=${nodeFolder}`], {
      cwd: folder,
      env: { ...cleanEnvironment(), PATH: path },
    });
  } catch (error) {
    // It only ends an extension host whose server died; startServer's caller ends both.
    log(`VS Code's native-watchdog was not built (${firstLine(error)}); going on without it.`);
    await writeFile(join(folder, "index.js"), "exports.start = () => {};\n");
  }
}

function npmCli() {
  if (process.env.npm_execpath?.endsWith("npm-cli.js")) return process.env.npm_execpath;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const beside = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    if (existsSync(beside)) return beside;
    const linked = join(folder, "npm");
    if (existsSync(linked) && realpathSync(linked).endsWith("npm-cli.js")) return realpathSync(linked);
  }
  throw new Error("npm was not found on PATH. Install Node.js with npm and try again.");
}

async function npm(words, { cwd, path = process.env.PATH }) {
  try {
    await run(process.execPath, [npmCli(), ...words], {
      cwd,
      env: { ...cleanEnvironment(), PATH: path },
      maxBuffer: 64e6,
    });
  } catch (error) {
    throw new Error(`npm ${words.join(" ")} failed in ${cwd}:\n${error.stderr ?? error}`);
  }
}

/** Without what `npm run` adds for its own package: it would configure the inner npm for ours. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_(prefix|local_prefix|global_prefix|noproxy))/.test(name),
    ),
  );
}

/**
 * Starts VS Code's server and waits until it answers.
 * @param {{ workspace: string, extensionDevelopmentPath?: string, extensionTestsPath?: string,
 *   extensionsDir?: string, dataFolder?: string, trust?: boolean, port?: number, host?: string,
 *   automation?: boolean, environment?: NodeJS.ProcessEnv }} options
 *   `extensionDevelopmentPath` works with `automation` only;
 *   `trust`: ask for workspace trust (Restricted Mode until given); `automation`: the driver that tests need.
 * @returns {Promise<{ url: string, output: () => string, close: () => Promise<void> }>}
 */
export async function startServer(options) {
  const { node, serverMain } = await ensureVsCode();
  const host = options.host ?? "127.0.0.1";
  const port = options.port || (await freePort(host));
  const data = options.dataFolder ?? (await mkdtemp(join(tmpdir(), "darcy-vscode-")));
  const child = spawn(
    node,
    [
      serverMain,
      ...(options.automation ? ["--enable-smoke-test-driver"] : []),
      ...["--without-connection-token", "--host", host, "--port", String(port)],
      ...["--accept-server-license-terms", "--disable-telemetry", "--server-data-dir", data],
      ...(options.trust ? [] : ["--disable-workspace-trust"]),
      ...(options.extensionsDir ? ["--extensions-dir", options.extensionsDir] : []),
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...options.environment } },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-200_000)));
  const exited = new Promise((done) => child.once("exit", done));
  await answers(`http://${host}:${port}/version`, child, () => output);
  return {
    url: workbenchUrl(`${host}:${port}`, options),
    output: () => output,
    close: async () => {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(hard);
      if (!options.dataFolder) await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function workbenchUrl(authority, { workspace, extensionDevelopmentPath, extensionTestsPath }) {
  const remote = (path) => `vscode-remote://${authority}${encodeURI(path.replaceAll("\\", "/"))}`;
  const payload = [
    ...(extensionDevelopmentPath ? [["extensionDevelopmentPath", remote(extensionDevelopmentPath)]] : []),
    ...(extensionTestsPath ? [["extensionTestsPath", remote(extensionTestsPath)]] : []),
  ];
  const kind = workspace.endsWith(".code-workspace") ? "workspace" : "folder";
  const query = new URLSearchParams({
    [kind]: workspace.replaceAll("\\", "/"),
    ...(payload.length ? { payload: JSON.stringify(payload) } : {}),
  });
  return `http://${authority}/?${query}`;
}

/** Installs a packed extension into a folder of extensions. */
export async function installVsix(file, extensionsDir) {
  const { node, serverMain } = await ensureVsCode();
  const data = await mkdtemp(join(tmpdir(), "darcy-vscode-"));
  try {
    const words = [
      "--install-extension",
      file,
      "--force",
      "--extensions-dir",
      extensionsDir,
      "--server-data-dir",
      data,
      "--accept-server-license-terms",
    ];
    const { stdout, stderr } = await run(node, [serverMain, ...words]);
    if (!/successfully installed/.test(stdout))
      throw new Error(`VS Code did not install ${file}:\n${stdout}${stderr}`);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** @param {string} host */
export function freePort(host) {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(url, child, output) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`VS Code's server ended with ${child.exitCode}:\n${output()}`);
    const status = await new Promise((done) =>
      get(url, (answer) => done(answer.resume().statusCode)).on("error", () => done(0)),
    );
    if (status === 200) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  child.kill("SIGKILL");
  throw new Error(`VS Code's server did not answer at ${url} within 60 s:\n${output()}`);
}

function firstLine(error) {
  return String(error.stderr || error.message || error)
    .trim()
    .split("\n")
    .at(-1);
}
