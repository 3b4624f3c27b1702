// Benchmark: how long a large recording takes to open, how smoothly its list scrolls, and what the live panel costs.
//   npm run bench:panel [-- FILE.darcy]     an own recording instead of the made one
//   npm run bench:panel -- heavy            what is made of whole recordings on request, no panel
//   npm run bench:panel -- page [FILE]      a recording as a page of its own, opened from disk
//   npm run bench:panel -- live [RATE]      the example server in a real VS Code, requests a second (150), Linux
// Of the host each stage by wall clock and by processor time, in this process; the panel is the real one, in Chromium.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { isDeepStrictEqual } from "node:util";
import { openFront } from "../../src/collector/front.ts";
import { readPacked, readProfile } from "../../src/collector/profileFile.ts";
import type { PanelState } from "../../src/protocol/panel.ts";
import { listed } from "../../src/recording/analysis/listed.ts";
import { type Figures, figuresOf } from "../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../src/recording/idle.ts";
import { launchChromium, openPanel, themes } from "../webview/harness.ts";
import { firstTouchMicros } from "./firstTouch.ts";
import { type Cost, liveInEditor } from "./panel/editor.ts";
import { heavyWork } from "./panel/heavy.ts";
import { livePanel } from "./panel/live.ts";
import { pageInBrowser } from "./panel/page.ts";
import { millisFromMessage, scrollFrames } from "./panel/scroll.ts";
import { LARGE, makeSession, writeSession } from "./panel/session.ts";
import { quantile } from "./statistics.ts";

/** Of the made live session: a server under steady load, a minute of it on show. */
const LIVE = { events: 400_000, stacks: 3_000, seconds: 60, workers: 4, samplesPerSecond: 50 };

/** Of which the median is told: others work on the machine, too. */
const OPENINGS = 5;
type Shown = Pick<Figures, "report" | "series" | "scope" | "others">;

const scratch = mkdtempSync(path.join(tmpdir(), "darcy-bench-"));
void run().finally(() => rmSync(scratch, { recursive: true, force: true }));

async function run(): Promise<void> {
  console.log(
    `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}, ${firstTouchMicros().toFixed(1)} us for a page of memory that is touched first: a busy machine stretches wall times`,
  );
  let [file] = process.argv.slice(2);
  if (file === "live") return inEditor(Number(process.argv[3] ?? 150));
  const heavy = file === "heavy";
  const asPage = file === "page";
  if (asPage) file = process.argv[3];
  if (file === undefined || heavy) {
    file = path.join(scratch, "large.darcy");
    const made = await writeSession(file, LARGE);
    console.log(
      `made: ${Math.round(made.events)} events, ${made.stacks} distinct stacks, ${LARGE.seconds} s, ${made.rows} sample rows`,
    );
  }
  console.log(`${path.basename(file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  const named = file;
  const opened = await repeated("opening, by the file's front", OPENINGS, async () => {
    const front = await openFront(await readPacked(named));
    return front === null ? null : { ...front, others: await front.others() };
  });
  const profile = await staged("without one: read, unpack, validate", () => readProfile(named));
  if (heavy) return heavyWork(named, profile);
  if (asPage) return pageInBrowser(profile, scratch, path.resolve("dist"));
  const figures = await staged("without one: model, report", async () => figuresOf(profile, 0));
  const elapsedMs = (profile.endedMicros - profile.startedMicros) / 1_000;
  const state = stateOf(opened ?? figures, elapsedMs);
  const { report, series, scope, others } = state;
  const made = listed(figures);
  const modelled = { report: made.report, series: made.series, scope: made.scope, others: made.others };
  const same = isDeepStrictEqual({ report, series, scope, others }, modelled);
  console.log(`  ${opened === null ? "the file has no front" : same ? "the same figures" : "OTHER FIGURES"}`);
  console.log(`rows: ${report?.hotspots.length} whole, ${others?.rows ?? 0} packed`);

  const browser = await launchChromium();
  try {
    const theme = (await themes()).darkModern;
    for (const unfolded of [false, true]) {
      const painted: number[] = [];
      const busy: number[] = [];
      for (let at = 0; at < OPENINGS; at++) {
        const panel = await openPanel(browser, theme, 1200, 900, { unfolded });
        const work = await millisFromMessage(browser, panel.page, async () => {
          painted.push(await panel.paint(state));
        });
        busy.push(work);
        await panel.page.context().close();
      }
      console.log(
        `panel, from the message to the painted list${unfolded ? ", all rows unfolded" : ""}: ${quantile(painted, 0.5).toFixed(0)} ms, ${quantile(busy, 0.5).toFixed(0)} ms of processor time`,
      );
    }
    const panel = await openPanel(browser, theme, 1200, 900, { unfolded: true });
    await panel.paint(state);
    const { frames, main } = await scrollFrames(browser, panel.page);
    console.log(
      `scrolling, ${frames.length} frames of the trace: median ${quantile(frames, 0.5).toFixed(1)} ms, p99 ${quantile(frames, 0.99).toFixed(1)} ms between frames`,
    );
    console.log(
      `  the page's own work, processor time: median ${quantile(main, 0.5).toFixed(1)} ms, p99 ${quantile(main, 0.99).toFixed(1)} ms a frame (16.7 is 60 a second)`,
    );
    await panel.page.context().close();
    for (const [name, recording] of [
      ["live, a minute of four workers", makeSession(LIVE)],
      ["live, the last minute of the recording above", profile],
    ] as const) {
      const live = await livePanel(browser, theme, recording);
      console.log(
        `${name}: host ${(100 * live.host).toFixed(1)} % of a core, webview ${(100 * live.webview).toFixed(1)} %; ${(live.snapshot / 1e3).toFixed(0)} KB once, then ${(live.postedPerSecond / 1e3).toFixed(0)} KB a second`,
      );
    }
  } finally {
    await browser.close();
  }
}

async function inEditor(rate: number): Promise<void> {
  const { seen, hidden, idle, latencies, requestsPerSecond } = await liveInEditor(rate);
  const cost = (of: Cost, less: Cost) =>
    `extension host ${(100 * (of.host - less.host)).toFixed(1)} % of a core, page ${(100 * (of.page - less.page)).toFixed(1)} %`;
  console.log(`example server, 2 workers, ${requestsPerSecond.toFixed(0)} requests a second, in VS Code`);
  console.log(`VS Code's own: ${cost(idle, { host: 0, page: 0, faults: 0 })}; beyond it:`);
  console.log(`  panel seen: ${cost(seen, idle)}`);
  console.log(`  panel hidden: ${cost(hidden, idle)}`);
  const [whileSeen, whileHidden, ended] = [seen, hidden, idle].map(({ faults }) => faults.toFixed(0));
  console.log(
    `pages that the extension host touches first: ${whileSeen} a second seen, ${whileHidden} hidden, ${ended} once it has ended`,
  );
  const at = (part: number) => quantile(latencies, part).toFixed(0);
  console.log(
    `from a request's answer to the panel's figures with it: median ${at(0.5)} ms, 90 % within ${at(0.9)} ms, at most ${at(1)} ms`,
  );
}

/** The median of several times. */
async function repeated<T>(name: string, times: number, act: () => Promise<T>): Promise<T> {
  const [wall, processor]: [number[], number[]] = [[], []];
  let result: T;
  do {
    const [began, before] = [performance.now(), process.cpuUsage()];
    result = await act();
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - began);
    processor.push((user + system) / 1_000);
  } while (wall.length < times);
  console.log(
    `${name}: ${quantile(wall, 0.5).toFixed(0)} ms, ${quantile(processor, 0.5).toFixed(0)} ms of processor time (median of ${times})`,
  );
  return result;
}

async function staged<T>(name: string, act: () => Promise<T>): Promise<T> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const result = await act();
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${name}: ${(performance.now() - began).toFixed(0)} ms, ${((user + system) / 1_000).toFixed(0)} ms of processor time`,
  );
  return result;
}

function stateOf({ report, series, scope, others }: Shown, elapsedMs: number): PanelState {
  return {
    ...PANEL_IDLE,
    phase: "readOnly",
    title: "large.darcy",
    elapsedMs,
    scopeSeconds: 0,
    report,
    series,
    scope,
    others,
  };
}
