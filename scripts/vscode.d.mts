// Types of vscode.mjs, for the tests.
export declare const root: string;
export declare const cacheFolder: string;
export interface ServerOptions {
  /** A folder, or a .code-workspace file. */
  readonly workspace: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
  readonly extensionsDir?: string;
  readonly dataFolder?: string;
  readonly trust?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly automation?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}
export interface RunningServer {
  readonly url: string;
  output(): string;
  close(): Promise<void>;
}
export declare function ensureVsCode(
  log?: (line: string) => void,
): Promise<{ node: string; serverMain: string; version: string }>;
export declare function startServer(options: ServerOptions): Promise<RunningServer>;
export declare function freePort(host: string): Promise<number>;
export declare function installVsix(file: string, extensionsDir: string): Promise<void>;
