// Panel, time line: the diagonal hatch that says "waiting", as a canvas pattern: 1.5 px lines, 4 px apart, 135 deg.

const PERIOD = 4;
const LINE = 1.5;

export function hatch(
  context: CanvasRenderingContext2D,
  colour: string,
  pixelRatio: number,
): CanvasPattern | string {
  const tile = document.createElement("canvas");
  const size = Math.max(1, Math.round(PERIOD * pixelRatio));
  tile.width = size;
  tile.height = size;
  const brush = tile.getContext("2d");
  if (brush === null) return colour;
  brush.fillStyle = colour;
  brush.globalAlpha = 0.3;
  brush.fillRect(0, 0, size, size);
  brush.globalAlpha = 1;
  brush.fillRect(0, 0, size * (LINE / PERIOD), size);
  const pattern = context.createPattern(tile, "repeat");
  if (pattern === null) return colour;
  const scale = PERIOD / size;
  pattern.setTransform(new DOMMatrix().rotate(45).scale(scale, scale));
  return pattern;
}
