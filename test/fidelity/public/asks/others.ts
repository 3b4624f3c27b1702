// Tests: what is asked of GraphQL servers, of Next, and of programs whose routes are functions.

import type { Asker } from "../asker.ts";

export async function askGraphql(ask: Asker): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const send = (label: string, body: unknown, more: Record<string, string> = {}) =>
    ask.http("/", { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) }, label);
  await send("query", { query: "{ books { id title } }" });
  await send("variables", {
    query: "query One($id: ID!) { book(id: $id) { id title } }",
    variables: { id: "7" },
  });
  await send("mutation", {
    query: 'mutation { add(book: { title: "ü", author: "A1" }) { id title } }',
  });
  await send("an error of its own", { query: '{ book(id: "1") { title fails } }' });
  await send("nothing where something must be", { query: '{ book(id: "1") { title broken } }' });
  await send("a thrown error", { query: "{ parsed }" });
  await send("no such field", { query: "{ books { nothing } }" });
  await send("no syntax", { query: "{ books {" });
  await send("batch", [{ query: '{ books(title: "Book 1") { id } }' }, { query: "{ __typename }" }]);
  await send("introspection", { query: "{ __schema { types { name } } }" });
  await send("no query", {});
  await ask.http("/", { method: "POST", headers, body: "{" }, "broken JSON");
  const path = `/?query=${encodeURIComponent('{ books(title: "Book 2") { id } }')}`;
  await ask.http(path, {}, "query by GET, refused");
  await ask.http(path, { headers: { "Apollo-Require-Preflight": "1" } }, "query by GET");
  await ask.burst([path], 100);
}

export async function askNext(ask: Asker): Promise<void> {
  await ask.each([
    "/",
    "/posts/7",
    "/posts/none",
    "/dynamic?name=ann",
    "/missing",
    "/api/items/3",
    "/api/throw",
    "/api/stream",
    "/file.txt",
  ]);
  await ask.http("/api/items/3", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"a":"ü"}',
  });
  await ask.http("/api/items/3", { method: "POST", body: "{" }, "POST /api/items/3, broken");
  await ask.http("/api/items/3", { method: "DELETE" });
  await ask.http("/api/cookies", { headers: { Cookie: "c=3" } });
  await ask.http("/redirected");
  await ask.http("/", { headers: { RSC: "1", "Accept-Encoding": "gzip" } }, "flight data");
  await ask.burst(["/dynamic", "/api/items/4"], 60);
}

/** Each route once, then all at once. */
export function askRoutes(names: readonly string[], busy: readonly string[]): (ask: Asker) => Promise<void> {
  return async (ask) => {
    await ask.each([...names, "missing"].map((name) => `/${name}`));
    await ask.burst(
      busy.map((name) => `/${name}`),
      40,
    );
  };
}

export async function askTraced(ask: Asker): Promise<void> {
  for (const path of ["/users/7", "/outgoing", "/throws", "/missing"]) await ask.each([path, "/spans"]);
  await ask.burst(["/users/1", "/users/2", "/outgoing"], 40);
}

export async function askTyped(ask: Asker): Promise<void> {
  await ask.each(["/", "/throw", "/reject", "/missing"]);
  await ask.burst(["/", "/throw", "/reject"], 60);
}
