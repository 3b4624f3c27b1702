// Recording: what load may be asked for, by the panel, a key binding or another extension. Pure.

export interface LoadRequest {
  readonly method: string;
  /** Begins with a slash. */
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
}

export const MOST_CONNECTIONS = 1_000;
export const MOST_SECONDS = 3_600;
const METHOD = /^[A-Z]{3,10}$/;
const MOST_PATH = 4_096;

/** Null: it is none, or beyond the bounds. */
export function toLoadRequest(value: unknown): LoadRequest | null {
  if (typeof value !== "object" || value === null) return null;
  const { method, path, connections, seconds } = value as Record<string, unknown>;
  if (typeof method !== "string" || !METHOD.test(method)) return null;
  if (typeof path !== "string" || !path.startsWith("/") || path.length > MOST_PATH) return null;
  if (!within(connections, MOST_CONNECTIONS) || !within(seconds, MOST_SECONDS)) return null;
  return { method, path, connections, seconds };
}

function within(value: unknown, most: number): value is number {
  return typeof value === "number" && value >= 1 && value <= most;
}
