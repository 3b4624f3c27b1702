// Screenshots: what is packed small is the same picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { smallPicture } from "../vscode/smallPicture.ts";

test("a picture of few colours is packed without loss, in less", () => {
  const picture = new PNG({ width: 301, height: 40 });
  const colours = [0x1f1f1fff, 0x5f93e8ff, 0xe6bc58ff, 0xdf6681ff];
  for (let pixel = 0; pixel < picture.width * picture.height; pixel++)
    picture.data.writeUInt32BE(colours[((pixel * pixel) % 7) % colours.length] ?? 0, pixel * 4);
  const before = PNG.sync.write(picture);
  const small = smallPicture(before);
  const after = PNG.sync.read(small);
  assert.deepEqual([after.width, after.height], [301, 40]);
  assert.deepEqual(after.data, picture.data);
  assert.ok(small.length < before.length);
});
