// Screenshots: a picture of a user interface, which has few colours, as a PNG of a palette: less than what a JPEG takes, and its
// letters stay sharp.

import { crc32, deflateSync } from "node:zlib";
import { applyPalette, quantize } from "gifenc";
import { PNG } from "pngjs";

/** Fewer lose rules and a category's hue: most are of letters' edges. */
const COLOURS = 48;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Of the header: eight bits a pixel, each the index of a colour. */
const EIGHT_BITS_OF_PALETTE = [8, 3, 0, 0, 0];

/** @param png of any colours; what is seen through is lost */
export function smallPicture(png: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(png);
  const pixels = new Uint8Array(data);
  const palette = quantize(pixels, COLOURS);
  const indexes = applyPalette(pixels, palette);
  // Each row begins with its filter: none, which suits indexes best.
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(indexes.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(EIGHT_BITS_OF_PALETTE, 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap(([red, green, blue]) => [red ?? 0, green ?? 0, blue ?? 0]))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
