// Screenshots: pictures of a page one after the other, as one animated GIF. A frame holds what is new in it; the rest is
// transparent, so that it shows the frame before.

import { writeFileSync } from "node:fs";
import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

/** One is left for what did not change. */
const COLOURS = 255;
const TRANSPARENT = COLOURS;
const BYTES_PER_PIXEL = 4;
/** Every so many pixels tell the colours of all. */
const STRIDE = 7;

interface Frame {
  readonly png: Buffer;
  readonly millis: number;
}

export class Film {
  private readonly frames: Frame[] = [];

  /** @param millis for how long the frame is shown */
  async take(page: Page, millis: number): Promise<void> {
    this.frames.push({ png: await page.screenshot(), millis });
  }

  /** One colour table for all frames: what stands still does not flicker. */
  write(file: string): void {
    const pictures = this.frames.map(({ png }) => PNG.sync.read(png));
    const palette = quantize(someOf(pictures), COLOURS);
    const gif = GIFEncoder();
    let before: Uint8Array | null = null;
    for (const [place, { data, width, height }] of pictures.entries()) {
      const index = applyPalette(new Uint8Array(data), palette);
      gif.writeFrame(changed(before, index), width, height, {
        ...(before === null ? { palette: [...palette, [0, 0, 0]] } : {}),
        delay: this.frames[place]?.millis ?? 0,
        transparent: before !== null,
        transparentIndex: TRANSPARENT,
        dispose: 1,
      });
      before = index;
    }
    gif.finish();
    writeFileSync(file, gif.bytes());
  }
}

function changed(before: Uint8Array | null, index: Uint8Array): Uint8Array {
  return before === null
    ? index
    : index.map((colour, pixel) => (before[pixel] === colour ? TRANSPARENT : colour));
}

function someOf(pictures: readonly PNG[]): Uint8Array {
  const pixels: number[] = [];
  for (const { data } of pictures)
    for (let at = 0; at < data.length; at += STRIDE * BYTES_PER_PIXEL)
      pixels.push(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0);
  return Uint8Array.from(pixels);
}
