// Launches: the ways in which servers are started, each with what it needs and what is expected of it.

import { spawnSync } from "node:child_process";

/** Texts by their path in the project. */
export type Files = Readonly<Record<string, string>>;

export interface Way {
  readonly name: string;
  /** Its folder, and what is installed there; ways of the same project share it. */
  readonly project: string;
  readonly packages: readonly string[];
  readonly files: Files;
  /** Words; the first is found in the project's node_modules/.bin first. */
  readonly command: readonly string[];
  /** In the project; "." is that itself. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Run once before, and left alone. */
  readonly before?: readonly string[];
  /** Run at the end, where the way leaves something running. */
  readonly after?: readonly string[];
  readonly workers: number;
  /** A file whose change restarts the server. */
  readonly touched?: string;
  /** What the server tells of itself, beside its port. */
  readonly told?: Readonly<Record<string, unknown>>;
  /** The oldest Node that can, major and minor. */
  readonly since?: readonly [major: number, minor: number];
  /** Seconds of requests at least; processes that run beside each other for two are told apart from a restart. */
  readonly seconds?: number;
  /** A path that is asked instead of the common server's. */
  readonly path?: string;
}

/** Tells what it was started with, and the port by a line of its own. */
const BODY = `const told = () => JSON.stringify({
  version: process.version, pid: process.pid, execArgv: process.execArgv, argv: process.argv.slice(2),
  options: process.env.NODE_OPTIONS || "", header: http.maxHeaderSize, word: process.env.WORD || "",
  hook: globalThis.hooked === true,
});
http.createServer((request, response) => response.end(told())).listen(Number(process.env.PORT || 0), function () {
  console.log("port " + this.address().port);
});
`;
export const CJS = `const http = require("node:http");\n${BODY}`;
export const ESM = `import http from "node:http";\n${BODY}`;
const TYPED = ESM.replace("const told = () =>", "const told = (): string =>").replace(
  "function () {",
  "function (this: any) {",
);
export const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const ENV = 'WORD="from the file"\n';

const plain = { project: "plain", packages: [], workers: 2 } as const;
const tools = {
  project: "tools",
  packages: [
    "tsx@4",
    "ts-node@10",
    "typescript@5",
    "@types/node@22",
    "nodemon@3",
    "ts-node-dev@2",
    "cross-env@7",
    "concurrently@9",
    "dotenv-cli@8",
    "pnpm@9",
    "yarn@1",
  ],
  workers: 2,
} as const;
export const files = {
  "server.cjs": CJS,
  "server.mjs": ESM,
  "server.mts": TYPED,
  "server.ts": TYPED.replace('import http from "node:http";', 'import * as http from "node:http";'),
  "a hook é.cjs": "globalThis.hooked = true;\n",
  "my.env": ENV,
  "tsconfig.json": json({
    compilerOptions: { module: "commonjs", target: "es2022", esModuleInterop: true, types: ["node"] },
  }),
  "package.json": json({
    name: "shop",
    private: true,
    workspaces: ["packages/*"],
    scripts: {
      start: "node server.cjs",
      tsx: "tsx server.ts",
      env: "cross-env WORD=crossed node server.cjs",
    },
  }),
  "packages/api/package.json": json({ name: "api", version: "1.0.0", scripts: { start: "node main.cjs" } }),
  "packages/api/main.cjs": CJS,
  "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
} as const;

export const WAYS: readonly Way[] = [
  {
    ...plain,
    name: "node, CommonJS",
    files,
    command: ["node", "server.cjs", "a", "b c"],
    told: { argv: ["a", "b c"] },
  },
  { ...plain, name: "node, ES module", files, command: ["node", "server.mjs"] },
  {
    ...plain,
    name: "node --env-file",
    files,
    command: ["node", "--env-file=my.env", "server.cjs"],
    told: { word: "from the file", execArgv: ["--env-file=my.env"] },
    since: [20, 6],
  },
  { ...plain, name: "node --run", files, command: ["node", "--run", "start"], since: [22, 0] },
  { ...plain, name: "npm start", files, command: ["npm", "start"] },
  { ...plain, name: "npm run in a workspace", files, command: ["npm", "run", "start", "--workspace", "api"] },
  {
    ...plain,
    name: "npm run inside a workspace's folder",
    files,
    command: ["npm", "start"],
    cwd: "packages/api",
  },
  {
    ...plain,
    name: "NODE_OPTIONS of the user's own",
    files,
    command: ["npm", "start"],
    environment: { NODE_OPTIONS: '--max-http-header-size=20000 --require "./a hook é.cjs"' },
    told: { header: 20_000, hook: true },
  },
  { ...plain, name: "types stripped by Node", files, command: ["node", "server.mts"], since: [22, 18] },
  {
    ...plain,
    name: "node --watch",
    files,
    command: ["node", "--watch", "server.cjs"],
    touched: "server.cjs",
  },
  { ...tools, name: "tsx", files, command: ["tsx", "server.ts"] },
  { ...tools, name: "node --import tsx", files, command: ["node", "--import", "tsx", "server.mts"] },
  { ...tools, name: "npm run tsx", files, command: ["npm", "run", "tsx"] },
  { ...tools, name: "tsx watch", files, command: ["tsx", "watch", "server.ts"], touched: "server.ts" },
  { ...tools, name: "ts-node", files, command: ["ts-node", "server.ts"] },
  {
    ...tools,
    name: "node --require ts-node/register",
    files,
    command: ["node", "-r", "ts-node/register", "server.ts"],
  },
  { ...tools, name: "nodemon", files, command: ["nodemon", "server.cjs"], touched: "server.cjs" },
  {
    ...tools,
    name: "nodemon --exec tsx",
    files,
    command: ["nodemon", "--exec", "tsx server.ts", "--watch", "server.ts"],
    touched: "server.ts",
  },
  {
    ...tools,
    name: "ts-node-dev",
    files,
    command: ["tsnd", "--respawn", "server.ts"],
    touched: "server.ts",
  },
  { ...tools, name: "cross-env", files, command: ["npm", "run", "env"], told: { word: "crossed" } },
  { ...tools, name: "concurrently", files, command: ["concurrently", "node server.cjs"] },
  {
    ...tools,
    name: "dotenv-cli",
    files,
    command: ["dotenv", "-e", "my.env", "--", "node", "server.cjs"],
    told: { word: "from the file" },
  },
  { ...tools, name: "pnpm start", files, command: ["pnpm", "start"] },
  { ...tools, name: "pnpm --filter", files, command: ["pnpm", "--filter", "api", "start"] },
  { ...tools, name: "yarn start", files, command: ["yarn", "start"] },
  { ...tools, name: "yarn workspace", files, command: ["yarn", "workspace", "api", "start"] },
];

/** In `npm test`: what needs nothing that is not installed anyway, each on one Node. */
export const QUICK: readonly Way[] = [
  "npm run in a workspace",
  "NODE_OPTIONS of the user's own",
  "node --env-file",
  "types stripped by Node",
  "node --import tsx",
].map((name) => {
  const way = WAYS.find((each) => each.name === name);
  if (way === undefined) throw new Error(`There is no way "${name}".`);
  return way;
});

/** Whether a Node is new enough for it. */
export function canRun({ since }: Way, node: string): boolean {
  if (since === undefined) return true;
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  const [major = 0, minor = 0] = stdout.trim().slice(1).split(".").map(Number);
  return major > since[0] || (major === since[0] && minor >= since[1]);
}
