// Runtime: the route of a request: the framework's own where it leaves one on the request, else the path with
// its variable parts taken out.

const MAX_SEGMENTS = 8;
const MAX_PATH_CHARACTERS = 512;
/** What express (and nest on it) leave on a request that was routed. */
interface Routed {
  readonly route?: { readonly path?: unknown };
  readonly baseUrl?: unknown;
}

/** The framework's own route, null where it left none. */
export function frameworkRoute(request: object): string | null {
  const { route } = request as Routed;
  if (route === undefined) return null;
  const path = route?.path;
  if (typeof path !== "string") return null;
  const { baseUrl } = request as Routed;
  const mountedAt = typeof baseUrl === "string" && baseUrl !== "" ? normalise(baseUrl) : "";
  return `${mountedAt}${path}` || "/";
}

/** `/orders/42/lines?x=1` becomes `/orders/:id/lines`. */
export function normalise(url: string): string {
  const segments = segmentsOf(url);
  const kept = segments.slice(0, MAX_SEGMENTS + 1).map((segment) => (isVariable(segment) ? ":id" : segment));
  return kept.join("/") + (segments.length > MAX_SEGMENTS + 1 ? "/…" : "") || "/";
}

function segmentsOf(url: string): string[] {
  const end = url.search(/[?#]/);
  return (end < 0 ? url : url.slice(0, end)).slice(0, MAX_PATH_CHARACTERS).split("/");
}

/**
 * Which of the routes a request went, by its URL alone; of several the one with the fewest variable parts, from the left. Null:
 * none of them.
 */
export function knownRoute(url: string, routes: Iterable<string>): string | null {
  const parts = segmentsOf(url);
  let best: string | null = null;
  let bestFit = "";
  for (const route of routes) {
    const fit = fitOf(parts, route.split("/"));
    if (fit === null || (best !== null && fit <= bestFit)) continue;
    best = route;
    bestFit = fit;
  }
  return best;
}

/** A digit for each part: 2 where it is the same, 1 where it is a parameter, 0 for all that a wildcard takes. Null: no fit. */
function fitOf(parts: readonly string[], wanted: readonly string[]): string | null {
  let fit = "";
  for (const [at, part] of wanted.entries()) {
    if (part === "*" && at === wanted.length - 1) return `${fit}0`;
    const own = parts[at];
    if (own === part) fit += "2";
    else if (own !== undefined && own !== "" && part.startsWith(":")) fit += "1";
    else return null;
  }
  return parts.length === wanted.length ? fit : null;
}

/** Numbers, UUIDs, hashes, and long words with digits in them. */
function isVariable(segment: string): boolean {
  if (segment === "") return false;
  if (/^\d+$/.test(segment)) return true;
  if (/^[\da-f]{8,}(?:-[\da-f]+)*$/i.test(segment) && /\d/.test(segment)) return true;
  return segment.length >= 16 && /\d/.test(segment) && !segment.includes(".");
}
