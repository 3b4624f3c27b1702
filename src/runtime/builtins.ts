// Runtime: Node's own modules, as the objects that are patched. Several cost memory even when nobody uses them
// (crypto: 0.4 MB of heap and OpenSSL's tables), so probes patch them when the user's code first asks for them.
// That is seen by the hooks of `module.registerHooks` (`moduleWatch.ts`); where those are missing, they are
// loaded at the start.

import { createRequire } from "node:module";
import { disguise, isConstructor, Patches } from "./patch.ts";

interface Request {
  readonly names: readonly string[];
  readonly signs: readonly string[];
  readonly action: () => void;
}

const SCHEME = "node:";
const load = createRequire(process.execPath);
const waiting = new Set<Request>();
const patches = new Patches();
/** False: nobody tells us what the user's code asks for. */
let seesRequests = false;

/** Its `module.exports`: an import would be a copy, of which patches would be lost. @throws without such a module */
export function builtin<T>(name: string): T {
  return load(SCHEME + name) as T;
}

/** Whether we are told which of Node's modules the user's code asks for. */
export function seesAsking(): boolean {
  return seesRequests;
}

/** Whether anybody in this thread has loaded it. True where Node does not tell. */
export function isLoaded(name: string): boolean {
  const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList;
  return !Array.isArray(loaded) || loaded.includes(`NativeModule ${name}`);
}

/**
 * Calls `action` once, before the user's code gets any of the modules; at once where we would not see that, or where
 * one is there already. `signs`: modules whose being there tells it, if fewer. Returns the undoing.
 */
export function onBuiltin(
  names: readonly string[],
  action: () => void,
  signs: readonly string[] = names,
): () => void {
  if (!seesRequests || signs.some(isLoaded)) {
    action();
    return () => {};
  }
  const request = { names, signs, action };
  waiting.add(request);
  return () => void waiting.delete(request);
}

/** To be called before a module is handed to the user's code, by `crypto` or `node:crypto`. Never throws. */
export function builtinAsked(specifier: string): void {
  const name = specifier.startsWith(SCHEME) ? specifier.slice(SCHEME.length) : specifier;
  answer(({ names }) => names.includes(name));
}

/** For modules that Node itself has loaded since, as `fetch` does with zlib. To be called now and then. */
export function noticeLoaded(): void {
  answer(({ signs }) => signs.some(isLoaded));
}

function answer(which: (request: Request) => boolean): void {
  for (const request of [...waiting].filter(which)) {
    // An action that loads a module may have answered the others meanwhile.
    if (!waiting.delete(request)) continue;
    try {
      request.action();
    } catch {
      // The user's module loads as without us.
    }
  }
}

/**
 * Before the user's modules load, once a hook calls `builtinAsked` for each that is loaded. The other ways to a
 * module are watched from here on.
 */
export function watchBuiltins(): void {
  // Node itself says whether it tells: some versions have the hooks and leave its own modules out of them.
  let told = false;
  const test = {
    names: ["path"],
    signs: [],
    action: () => {
      told = true;
    },
  };
  waiting.add(test);
  load(`${SCHEME}path`);
  waiting.delete(test);
  if (!told) return;
  seesRequests = true;
  patches.replace(process, ["getBuiltinModule"], (original) => {
    return function getBuiltinModule(this: unknown, name: unknown): unknown {
      if (typeof name === "string") builtinAsked(name);
      return Reflect.apply(original, this, arguments);
    };
  });
  // Getters that load a module.
  watchGetter(globalThis, "crypto", "crypto");
  watchGetter(builtin<object>("fs"), "promises", "fs/promises");
}

/** Ours goes when it was asked. */
function watchGetter(holder: object, key: string, module: string): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  const original = before?.get;
  if (original === undefined || before?.configurable !== true) return;
  const asked = (self: unknown): unknown => {
    if (Object.getOwnPropertyDescriptor(holder, key)?.get === get) Object.defineProperty(holder, key, before);
    builtinAsked(module);
    return Reflect.apply(original, self, []);
  };
  const standIn = isConstructor(original)
    ? function (this: unknown): unknown {
        return asked(this);
      }
    : {
        get(this: unknown): unknown {
          return asked(this);
        },
      }.get;
  const get = disguise(standIn, original) as () => unknown;
  Object.defineProperty(holder, key, { ...before, get });
}
