// Runtime: the routes of frameworks that leave them elsewhere than on Node's request (express and nest do leave them
// there): fastify tells each request's to a hook of ours, koa's routers leave it on the context that koa makes.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Faults } from "../../faults.ts";
import { onModule } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import { InFlight } from "./inFlight.ts";

const FASTIFY = "fastify.initialization";

interface FastifyRequest {
  readonly raw?: { readonly socket?: unknown };
  readonly routeOptions?: { readonly url?: unknown };
  /** Before 4.10. */
  readonly routerPath?: unknown;
}
interface KoaContext {
  readonly _matchedRoute?: unknown;
  readonly req?: { readonly socket?: unknown };
}

/** @returns the undoing; a hook that a fastify has got stays, and does nothing. */
export function watchFrameworks(faults: Faults, owner: string): () => void {
  let active = true;
  const guarded = (action: () => void) => {
    if (active) faults.guard(owner, undefined, action);
  };
  const onFastify = (message: unknown) =>
    guarded(() => {
      const { fastify } = message as { fastify: { addHook: (name: string, hook: unknown) => unknown } };
      fastify.addHook("onRequest", (request: FastifyRequest, _reply: unknown, done: () => void) => {
        guarded(() => {
          const { routeOptions, routerPath, raw } = request;
          const url = routeOptions === undefined ? routerPath : routeOptions.url;
          const token = InFlight.reading(raw?.socket);
          if (token !== null && typeof url === "string") token.route = url;
        });
        done();
      });
    });
  subscribe(FASTIFY, onFastify);

  const patches = new Patches();
  const forgetKoa = onModule("koa", ({ exports }) =>
    guarded(() => {
      const { prototype } = exports as { prototype?: { createContext?: unknown } };
      if (prototype === undefined) return;
      patches.replace(prototype, ["createContext"], (original) => {
        const { createContext } = {
          createContext(this: unknown): unknown {
            const context: unknown = Reflect.apply(original, this, arguments);
            guarded(() => {
              const token = InFlight.reading((context as KoaContext).req?.socket);
              // Held weakly: a request that never finishes must not be kept by us.
              if (token !== null) token.route = new WeakRef(context as object);
            });
            return context;
          },
        };
        return createContext;
      });
    }),
  );
  return () => {
    active = false;
    unsubscribe(FASTIFY, onFastify);
    forgetKoa();
    patches.restore();
  };
}

/** What a framework has told of a request, when it has finished; null for nothing. */
export function toldRoute(route: string | WeakRef<object> | null): string | null {
  if (typeof route === "string" || route === null) return route;
  const matched = (route.deref() as KoaContext | undefined)?._matchedRoute;
  return typeof matched === "string" ? matched : matched instanceof RegExp ? `${matched}` : null;
}
