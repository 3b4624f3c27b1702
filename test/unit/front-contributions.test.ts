// Unit tests: what the code names and what package.json contributes are the same.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COLOURS, COMMANDS, SETTING_DEFAULTS, TASK_TYPE, TOOLS, VIEWS } from "../../src/contributions.ts";
import { TOPOLOGIES } from "../../src/protocol/sessionFile.ts";

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly main: string;
  readonly icon: string;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly default: unknown;
            readonly minimum?: number;
            readonly maximum?: number;
            readonly enum?: readonly string[];
          }
        >
      >;
    }[];
    readonly colors: readonly { readonly id: string; readonly defaults: Readonly<Record<string, string>> }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly languageModelTools: readonly { readonly name: string }[];
    readonly customEditors: readonly { readonly viewType: string }[];
    readonly taskDefinitions: readonly { readonly type: string }[];
  };
}

const root = join(__dirname, "..", "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const properties = Object.assign(
  {},
  ...contributes.configuration.map((group) => group.properties),
) as (typeof contributes.configuration)[number]["properties"];
const sorted = (names: Iterable<string>) => [...names].sort();

test("every command, setting, colour and view is contributed once, and none besides", () => {
  assert.deepEqual(
    sorted(contributes.commands.map(({ command }) => command)),
    sorted(Object.values(COMMANDS)),
  );
  assert.deepEqual(
    sorted(contributes.configuration.flatMap((group) => Object.keys(group.properties))),
    sorted(Object.keys(SETTING_DEFAULTS)),
  );
  assert.deepEqual(sorted(contributes.colors.map(({ id }) => id)), sorted(Object.values(COLOURS)));
  assert.deepEqual(
    contributes.customEditors.map(({ viewType }) => viewType),
    [VIEWS.savedProfile],
  );
  assert.deepEqual(
    sorted(contributes.languageModelTools.map(({ name }) => name)),
    sorted(Object.values(TOOLS)),
  );
  assert.deepEqual(
    contributes.taskDefinitions.map(({ type }) => type),
    [TASK_TYPE],
  );
});

test("the row of the panel's recording offers what the panel does", () => {
  const items = contributes.menus["view/item/context"] ?? [];
  for (const command of [COMMANDS.saveRecording, COMMANDS.exportSession, COMMANDS.compareSessions])
    assert.ok(
      items.some((item) => item.command === command && /live\|unsaved/.test(item.when ?? "")),
      command,
    );
});

test("menus and welcomes name commands that there are, and views that are ours", () => {
  const known = new Set<string>([...Object.values(COMMANDS), "workbench.trust.manage"]);
  const items = Object.values(contributes.menus).flat();
  const links = contributes.viewsWelcome.flatMap(({ contents }) =>
    [...contents.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command ?? ""),
  );
  for (const command of [...items.map((item) => item.command), ...links])
    assert.ok(known.has(command), command);
  for (const { when = "" } of items) {
    const [, view] = /view == ([\w.]+)/.exec(when) ?? [];
    if (view !== undefined) assert.equal(view, VIEWS.sessions);
  }
  assert.deepEqual(
    Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id)),
    [VIEWS.sessions],
  );
});

test("settings have the same defaults on both sides, numbers have bounds", () => {
  for (const [key, value] of Object.entries(SETTING_DEFAULTS)) {
    const property = properties[key];
    assert.deepEqual(property?.default, value, key);
    if (typeof value !== "number") continue;
    assert.equal(typeof property?.minimum, "number", key);
    assert.equal(typeof property?.maximum, "number", key);
  }
  const offered = properties["darcy.topology"]?.enum ?? [];
  assert.ok(offered.length > 0);
  for (const topology of offered) assert.ok((TOPOLOGIES as readonly string[]).includes(topology), topology);
});

test("context keys that commands are enabled by are set somewhere", () => {
  const sources = files(join(root, "src")).map((file) => readFileSync(file, "utf8"));
  const keys = contributes.commands.flatMap(({ enablement }) => enablement?.match(/darcy\.\w+/g) ?? []);
  assert.ok(keys.length > 0);
  for (const key of keys)
    assert.ok(
      sources.some((text) => text.includes(`setContext("${key}"`)),
      key,
    );
});

test("colours have a value for each of the four kinds of theme", () => {
  for (const { id, defaults } of contributes.colors) {
    assert.deepEqual(
      sorted(Object.keys(defaults)),
      ["dark", "highContrast", "highContrastLight", "light"],
      id,
    );
  }
});

test("activation is only by what the user does; Restricted Mode is limited, not refused", () => {
  // A panel that was open when the window was reloaded counts.
  assert.deepEqual(
    manifest.activationEvents,
    [VIEWS.panel, VIEWS.compare].map((view) => `onWebviewPanel:${view}`),
  );
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, "limited");
  const profile = contributes.commands.find(({ command }) => command === COMMANDS.profile);
  assert.equal(profile?.enablement, "isWorkspaceTrusted");
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
