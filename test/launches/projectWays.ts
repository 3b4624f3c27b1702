// Launches: ways that need a project of their own: frameworks, a monorepo's runner, a package manager with its own loader.

import { CJS, ESM, type Files, files, json, type Way } from "./ways.ts";

const NEST: Files = {
  "package.json": json({
    name: "nest-shop",
    private: true,
    scripts: { start: "nest start", dev: "nest start --watch" },
  }),
  "nest-cli.json": json({ sourceRoot: "src", entryFile: "main" }),
  "tsconfig.json": json({
    compilerOptions: {
      module: "commonjs",
      target: "es2022",
      outDir: "dist",
      rootDir: "src",
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
      skipLibCheck: true,
      types: ["node"],
      incremental: false,
    },
    include: ["src"],
  }),
  "src/main.ts": `import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
@Controller()
class Shop { @Get() told() { return { pid: process.pid, version: process.version, options: process.env.NODE_OPTIONS || "" }; } }
@Module({ controllers: [Shop] })
class App {}
async function main() {
  const app = await NestFactory.create(App, { logger: false });
  const server = await app.listen(0);
  console.log("port " + server.address().port);
}
void main();
`,
};
const nest = {
  project: "nest",
  packages: [
    "@nestjs/core@11",
    "@nestjs/common@11",
    "@nestjs/platform-express@11",
    "@nestjs/cli@11",
    "reflect-metadata@0.2",
    "rxjs@7",
    "typescript@5",
    "@types/node@22",
  ],
  files: NEST,
  workers: 2,
} as const;

const NEXT: Files = {
  "package.json": json({
    name: "next-shop",
    private: true,
    scripts: { dev: "next dev", start: "next start" },
  }),
  "app/layout.js":
    'export default function Layout({ children }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n',
  "app/page.js": "export default function Page() {\n  return <p>shop</p>;\n}\n",
  "app/told/route.js": `export const dynamic = "force-dynamic";
export function GET() {
  return Response.json({ pid: process.pid, version: process.version, options: process.env.NODE_OPTIONS || "" });
}
`,
};
const next = {
  project: "next",
  packages: ["next@15", "react@19", "react-dom@19"],
  files: NEXT,
  path: "/told",
  environment: { NEXT_TELEMETRY_DISABLED: "1", PORT: "0" },
} as const;

const TURBO: Files = {
  "package.json": json({
    name: "mono",
    private: true,
    packageManager: "npm@10.8.2",
    workspaces: ["packages/*"],
  }),
  "package-lock.json": json({ name: "mono", lockfileVersion: 3, requires: true, packages: {} }),
  "turbo.json": json({
    globalPassThroughEnv: ["DARCY_SESSION"],
    tasks: { start: { cache: false, persistent: true } },
  }),
  "packages/api/package.json": files["packages/api/package.json"],
  "packages/api/main.cjs": CJS,
};
const turbo = {
  packages: ["turbo@2"],
  workers: 2,
  environment: { TURBO_TELEMETRY_DISABLED: "1" },
} as const;

/** Both take the workspaces' scripts for tasks; a task's environment is theirs. */
const WORKSPACES: Files = {
  "package.json": TURBO["package.json"] ?? "",
  "package-lock.json": TURBO["package-lock.json"] ?? "",
  "packages/api/package.json": json({ name: "api", version: "1.0.0", scripts: { start: "node main.cjs" } }),
  "packages/api/main.cjs": CJS,
};
const nx = {
  project: "nx",
  packages: ["nx@24"],
  files: { ...WORKSPACES, "nx.json": json({ analytics: false, neverConnectToCloud: true }) },
  workers: 2,
} as const;

/** Its packages lie in archives, which hooks of its own read: NODE_OPTIONS of yarn's are there beside ours. */
const PLUG_AND_PLAY: Files = {
  "shop/package.json": json({
    name: "berry",
    private: true,
    dependencies: { ms: "2.1.3" },
    scripts: { start: "node server.mjs", cjs: "node server.cjs" },
  }),
  "shop/yarn.lock": "",
  "shop/.yarnrc.yml":
    'enableTelemetry: false\nenableGlobalCache: false\npnpEnableEsmLoader: true\nnpmRegistryServer: "https://registry.npmjs.org"\n',
  "shop/server.mjs": `import ms from "ms";\n${ESM}globalThis.hooked = "pnp" in process.versions && ms("1s") === 1_000;\n`,
  "shop/server.cjs": `const ms = require("ms");\n${CJS}globalThis.hooked = "pnp" in process.versions && ms("1s") === 1_000;\n`,
};
const plugAndPlay = {
  project: "berry",
  // Yarn takes away the `node_modules` of its own folder.
  cwd: "shop",
  packages: ["@yarnpkg/cli-dist@4"],
  files: PLUG_AND_PLAY,
  environment: { YARN_ENABLE_IMMUTABLE_INSTALLS: "false" },
  before: ["yarn", "install"],
  told: { hook: true },
  workers: 2,
} as const;

export const PROJECTS: readonly Way[] = [
  { ...plugAndPlay, name: "yarn 4, Plug'n'Play", command: ["yarn", "cjs"] },
  { ...plugAndPlay, name: "yarn 4, Plug'n'Play, ES module", command: ["yarn", "start"] },
  {
    ...turbo,
    name: "turbo run, which is told to pass the session on",
    project: "turbo",
    files: TURBO,
    command: ["turbo", "run", "start"],
  },
  {
    ...turbo,
    name: "turbo run --env-mode=loose",
    project: "turbo-loose",
    files: { ...TURBO, "turbo.json": json({ tasks: { start: { cache: false, persistent: true } } }) },
    command: ["turbo", "run", "start", "--env-mode=loose"],
  },
  {
    ...nx,
    name: "nx, by itself",
    command: ["nx", "run", "api:start"],
    environment: { NX_DAEMON: "false", NX_TUI: "false" },
  },
  {
    ...nx,
    name: "nx, by its daemon",
    command: ["nx", "run", "api:start"],
    environment: { NX_DAEMON: "true", NX_TUI: "false" },
    after: ["nx", "daemon", "--stop"],
  },
  {
    name: "lerna run",
    project: "lerna",
    packages: ["lerna@10"],
    since: [22, 22],
    files: {
      ...WORKSPACES,
      "lerna.json": json({ version: "1.0.0", packages: ["packages/*"] }),
    },
    command: ["lerna", "run", "start", "--stream"],
    workers: 2,
  },
  { ...nest, name: "nest start", command: ["npm", "start"] },
  { ...nest, name: "nest start --watch", command: ["npm", "run", "dev"], touched: "src/main.ts" },
  { ...next, name: "next dev", command: ["npm", "run", "dev"], workers: 1 },
  { ...next, name: "next start", command: ["npm", "start"], before: ["next", "build"], workers: 2 },
];
