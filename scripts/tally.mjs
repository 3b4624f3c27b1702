// A reporter for node:test that writes one line of JSON: how many tests passed, failed and were skipped.
export default async function* tally(events) {
  const counts = {};
  for await (const { type, data } of events) {
    if (type !== "test:diagnostic" || data.nesting !== 0) continue;
    const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message) ?? [];
    if (name !== undefined) counts[name] = Number(count);
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = counts;
  yield `${JSON.stringify({ passed: pass, failed: fail + cancelled, skipped: skipped + todo })}\n`;
}
