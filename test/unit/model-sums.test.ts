// Unit tests: sums by key and by pair are those of a map, in its order, however many there are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Amounts } from "../../src/model/amounts.ts";
import { PairIndex, PairSums } from "../../src/model/pairs.ts";
import { seeded } from "./seeded.ts";

for (const keys of [1, 2, 5, 9, 40, 3_000])
  test(`amounts by ${keys} keys`, () => {
    const random = seeded(keys);
    const [amounts, map] = [new Amounts<number>(), new Map<number, number>()];
    for (let n = 0; n < 4 * keys; n++) {
      const [key, by] = [Math.floor(random() * keys) - 1, random()];
      amounts.add(key, by);
      map.set(key, (map.get(key) ?? 0) + by);
    }
    assert.equal(amounts.size, map.size);
    assert.deepEqual([...amounts], [...map]);
    for (const [key, sum] of map) assert.equal(amounts.get(key), sum);
    assert.equal(amounts.get(keys + 7), undefined);
    assert.equal(
      amounts.sum(),
      [...map.values()].reduce((sum, each) => sum + each, 0),
    );
    const most = [...map].reduce((best, each) => (each[1] > best[1] ? each : best));
    assert.equal(amounts.heaviest(), most[0]);
    const even = [...map].filter(([key]) => key % 2 === 0);
    const mostEven = even.reduce<number | undefined>(
      (best, [key, sum]) => (best === undefined || sum > (map.get(best) ?? 0) ? key : best),
      undefined,
    );
    assert.equal(
      amounts.heaviest((key) => key % 2 === 0),
      mostEven,
    );
    const twice = new Amounts<number>();
    twice.addAll(amounts, 2);
    assert.deepEqual(
      [...twice],
      [...map].map(([key, sum]) => [key, 2 * sum]),
    );
  });

test("of equal amounts the first is the heaviest; of none there is none", () => {
  const amounts = new Amounts<string>();
  assert.equal(amounts.heaviest(), undefined);
  assert.equal(amounts.get("a"), undefined);
  for (const key of ["b", "a", "c"]) amounts.add(key, 1);
  assert.equal(amounts.heaviest(), "b");
});

test("pairs are numbered in the order in which they come, and summed up by their first number in that order", () => {
  const random = seeded(7);
  const [index, sums] = [new PairIndex(), new PairSums()];
  const [numbers, maps] = [new Map<string, number>(), new Map<number, Map<number, number>>()];
  for (let n = 0; n < 60_000; n++) {
    const [first, second] = [Math.floor(random() * 900), Math.floor(random() ** 4 * 2 ** 31)];
    const pair = `${first} ${second}`;
    const known = numbers.get(pair) ?? numbers.size;
    numbers.set(pair, known);
    assert.equal(index.of(first, second), known);
    const by = random();
    sums.add(first, second, by);
    const ofFirst = maps.get(first) ?? new Map<number, number>();
    maps.set(first, ofFirst.set(second, (ofFirst.get(second) ?? 0) + by));
  }
  assert.equal(index.count, numbers.size);
  for (const [pair, number] of numbers)
    assert.equal(`${index.firstOf(number)} ${index.secondOf(number)}`, pair);
  for (const [first, expected] of maps) {
    const found: [number, number][] = [];
    sums.each(first, (second, sum) => found.push([second, sum]));
    assert.deepEqual(found, [...expected]);
  }
  sums.each(1_000_000, () => assert.fail("there is none"));
});
