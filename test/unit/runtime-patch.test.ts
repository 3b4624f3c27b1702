// Patches are seen only by who looks at the source, and go away.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { Patches } from "../../src/runtime/patch.ts";

const passThrough = (original: unknown) =>
  ({
    standIn(this: unknown) {
      return Reflect.apply(original as () => unknown, this, arguments);
    },
  }).standIn;

function target() {
  function work(this: unknown, a: number, b: number): number {
    return a + b;
  }
  (work as { extra?: string }).extra = "kept";
  Object.defineProperty(work, promisify.custom, { value: () => 1, enumerable: false });
  const object = { other: 1 } as unknown as { work: typeof work; alias: typeof work };
  Object.defineProperty(object, "work", {
    value: work,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  object.alias = work;
  return { object, work };
}

describe("Patches", () => {
  it("are taken away and put back in the order of their making, whoever made them", () => {
    const { object, work } = target();
    const [below, above] = [new Patches(), new Patches()];
    below.replace(object, ["alias"], passThrough);
    above.replace(object, ["work"], passThrough);
    below.replace(object, ["work"], passThrough);
    const outermost = object.work;
    Patches.takeAway([above, below]);
    assert.equal(object.work, work);
    assert.equal(object.alias, work);
    Patches.putBack([above, below]);
    assert.equal(object.work, outermost);
    assert.equal(object.work(1, 2), 3);
    above.restore();
    below.restore();
    assert.notEqual(object.work, outermost);
  });

  it("leave what somebody else has put meanwhile", () => {
    const { object, work } = target();
    const patches = new Patches();
    patches.replace(object, ["work"], passThrough);
    Patches.takeAway([patches]);
    const theirs = (a: number, b: number) => work(a, b) + 1;
    object.work = theirs;
    assert.deepEqual(Patches.putBack([patches]), ["work"], "what is lost is told");
    assert.equal(object.work, theirs);
    object.work = work;
    Patches.takeAway([patches]);
    assert.deepEqual(Patches.putBack([patches]), []);
    assert.notEqual(object.work, work, "measured again");
    object.work = theirs;
    patches.restore();
    assert.equal(object.work, theirs);
  });

  it("lose nothing where somebody had put something on top before", () => {
    class Named {}
    const { object, work } = target();
    Object.assign(Named, { work });
    const patches = new Patches();
    patches.replace(object, ["work"], passThrough);
    patches.replace(Named as unknown as typeof object, ["work"], passThrough);
    const ours = object.work;
    object.work = (a, b) => ours(a, b);
    Patches.takeAway([patches]);
    Object.defineProperty(Named, "work", { get: () => work, configurable: true });
    assert.deepEqual(Patches.putBack([patches]), ["Named.work"]);
  });

  it("gives objects that hold the same function the same stand-in, and leaves others", () => {
    const { object, work } = target();
    const [twin, other] = [{ work }, { work: () => 3 }];
    const before = other.work;
    const patches = new Patches();
    patches.replace(object, ["work"], passThrough, [twin, other]);
    assert.notEqual(object.work, work);
    assert.equal(twin.work, object.work);
    assert.equal(other.work, before);
    patches.restore();
    assert.equal(object.work, work);
    assert.equal(twin.work, work);
  });

  it("keeps name, length, descriptor, own keys and aliases", () => {
    const { object, work } = target();
    new Patches().replace(object, ["work", "alias"], passThrough);
    assert.notEqual(object.work, work);
    assert.equal(object.work, object.alias);
    assert.equal(object.work.name, "work");
    assert.equal(object.work.length, 2);
    assert.deepEqual(Reflect.ownKeys(object.work).sort(byText), Reflect.ownKeys(work).sort(byText));
    assert.equal(Object.getOwnPropertyDescriptor(object, "work")?.enumerable, false);
    assert.equal(Object.getOwnPropertyDescriptor(object, "alias")?.enumerable, true);
    assert.equal(object.work(1, 2), 3);
  });

  it("puts the original back, unless somebody patched on top", () => {
    const { object, work } = target();
    const patches = new Patches();
    patches.replace(object, ["work"], passThrough);
    patches.restore();
    assert.equal(object.work, work);

    patches.replace(object, ["work"], passThrough);
    const ours = object.work;
    const theirs = ((a: number, b: number) => ours(a, b)) as typeof work;
    object.work = theirs;
    patches.restore();
    assert.equal(object.work, theirs);
  });

  it("leaves what can't be replaced alone", () => {
    const frozen = Object.freeze({ work: () => 1 });
    new Patches().replace(frozen, ["work"], passThrough);
    assert.equal(frozen.work(), 1);
    const accessor = {
      get work() {
        return () => 2;
      },
    };
    new Patches().replace(accessor, ["work"], passThrough);
    assert.equal(accessor.work(), 2);
  });
});

function byText(a: PropertyKey, b: PropertyKey): number {
  return String(a) < String(b) ? -1 : 1;
}
