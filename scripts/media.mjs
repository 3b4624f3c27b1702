// Draws what stands in media/ and is made: the glyphs beside lines of code, in each theme's colour, and the icon.
// Run it after a change of webview/glyphShapes.ts or media/icon.svg: node --import tsx scripts/media.mjs
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { GLYPHS, glyphFile } from "../webview/glyphShapes.ts";
import { ensureChromium } from "./chromium.mjs";

const root = new URL("../", import.meta.url);
const { contributes } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
const THEMES = { dark: "dark", light: "light", "hc-dark": "highContrast", "hc-light": "highContrastLight" };
const COLOUR_IDS = {
  copies: "darcy.copies",
  switches: "darcy.switches",
  allocations: "darcy.allocation",
  locks: "darcy.locks",
};

await mkdir(new URL("media/glyphs/", root), { recursive: true });
for (const [category, shapes] of Object.entries(GLYPHS)) {
  const { defaults } = contributes.colors.find(({ id }) => id === COLOUR_IDS[category]);
  for (const [theme, key] of Object.entries(THEMES))
    await writeFile(new URL(`media/glyphs/${category}-${theme}.svg`, root), glyphFile(shapes, defaults[key]));
}

const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
const icon = Buffer.from(await readFile(new URL("media/icon.svg", root))).toString("base64");
await page.setContent(
  `<body style="margin:0"><img width="256" height="256" src="data:image/svg+xml;base64,${icon}">`,
);
await page.locator("img").evaluate((image) => image.decode());
await page.screenshot({ path: new URL("media/icon.png", root).pathname, omitBackground: true });
await browser.close();
