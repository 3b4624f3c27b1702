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
  const end = url.search(/[?#]/);
  const path = (end < 0 ? url : url.slice(0, end)).slice(0, MAX_PATH_CHARACTERS);
  const segments = path.split("/");
  const kept = segments.slice(0, MAX_SEGMENTS + 1).map((segment) => (isVariable(segment) ? ":id" : segment));
  return kept.join("/") + (segments.length > MAX_SEGMENTS + 1 ? "/…" : "") || "/";
}

/** Numbers, UUIDs, hashes, and long words with digits in them. */
function isVariable(segment: string): boolean {
  if (segment === "") return false;
  if (/^\d+$/.test(segment)) return true;
  if (/^[\da-f]{8,}(?:-[\da-f]+)*$/i.test(segment) && /\d/.test(segment)) return true;
  return segment.length >= 16 && /\d/.test(segment) && !segment.includes(".");
}
