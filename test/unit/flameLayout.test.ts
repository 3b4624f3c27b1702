// The flame graph's layout: what is shown of it, zoomed to a frame, by the wheel, shifted.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CallTree } from "../../src/protocol/siteDetails.ts";
import {
  following,
  layOutFlame,
  middleOf,
  shifted,
  spanOf,
  WHOLE_GRAPH,
  zoomedAt,
} from "../../webview/hotspots/flameLayout.ts";
import { type TreeNode, toTree } from "../../webview/hotspots/tree.ts";

const frame = (name: string) =>
  ({ file: "a.ts", line: 1, column: 1, function: name, role: "user", async: false }) as const;
/** Of 100: a has 60 with b, 30, in it; c has 40. */
const TREE: CallTree = {
  unit: "impact",
  frames: ["a", "b", "c", "tiny"].map(frame),
  nodes: [
    [-1, -1, 100],
    [0, 0, 60],
    [1, 1, 30],
    [0, 2, 40],
    [3, 3, 0.1],
  ],
  rest: 0,
};
const top = toTree(TREE) as TreeNode;
const [a, c] = top.children as [TreeNode, TreeNode];
const drawn = (from: number, span: number) =>
  layOutFlame(top, { from, span }).map(({ node, left, width }) => [
    node.frame?.function ?? "all",
    Number(left.toFixed(4)),
    Number(width.toFixed(4)),
  ]);

describe("flame graph", () => {
  test("the whole: what is too narrow to be seen is left out", () =>
    assert.deepEqual(drawn(0, 1), [
      ["all", 0, 1],
      ["a", 0, 0.6],
      ["b", 0, 0.3],
      ["c", 0.6, 0.4],
    ]));

  test("zoomed to a frame it and those above it fill the width, and the narrow ones in it come up", () => {
    assert.deepEqual(drawn(...(Object.values(spanOf(a)) as [number, number])), [
      ["all", 0, 1],
      ["a", 0, 1],
      ["b", 0, 0.5],
    ]);
    const tiny = c.children[0] as TreeNode;
    assert.ok(layOutFlame(top, spanOf(tiny)).some(({ node }) => node === tiny));
  });

  test("the wheel keeps what is under the pointer, and never shows past an end", () => {
    const near = zoomedAt(WHOLE_GRAPH, 0.8, 0.5);
    assert.equal(near.from + 0.8 * near.span, 0.8);
    assert.deepEqual(zoomedAt(near, 0.8, 2), WHOLE_GRAPH);
    assert.deepEqual(zoomedAt({ from: 0.5, span: 0.5 }, 0, 10), WHOLE_GRAPH);
    assert.deepEqual(shifted({ from: 0.5, span: 0.5 }, 1), { from: 0.5, span: 0.5 });
    assert.deepEqual(shifted({ from: 0.5, span: 0.25 }, -1), { from: 0.25, span: 0.25 });
    assert.ok(zoomedAt(WHOLE_GRAPH, 0.5, 0).span > 0);
  });

  test("zoomed, the frame in the middle stays there while figures change and siblings change places", () => {
    const span = { from: 0.7, span: 0.2 };
    assert.equal(middleOf(layOutFlame(top, span)), c);
    const turned = toTree({
      ...TREE,
      nodes: [
        [-1, -1, 100],
        [0, 2, 80],
        [0, 0, 20],
      ],
    }) as TreeNode;
    const all = [turned, ...turned.children];
    // The middle was half through c, which was 0.6 to 1, and is 0 to 0.8.
    assert.equal(following(span, c, all).from.toFixed(6), "0.300000");
    assert.equal(following(span, c, [top, a, c]).from.toFixed(6), "0.700000");
    // b is gone: a, which it was in, is followed from 0 to 0.6 to 0.8 to 1.
    const b = a.children[0] as TreeNode;
    assert.equal(following({ from: 0, span: 0.2 }, b, all).from.toFixed(6), (0.8 + 0.2 / 6 - 0.1).toFixed(6));
    assert.deepEqual(following(WHOLE_GRAPH, c, all), WHOLE_GRAPH);
  });

  test("a function that calls and is awaited from one place is two frames, with a key each", () => {
    const both: CallTree = {
      ...TREE,
      frames: [frame("a"), { ...frame("a"), async: true }],
      nodes: [
        [-1, -1, 2],
        [0, 0, 1],
        [0, 1, 1],
      ],
    };
    const keys = (toTree(both)?.children ?? []).map(({ key }) => key);
    assert.equal(new Set(keys).size, 2);
  });
});
