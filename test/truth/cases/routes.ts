// Truth suite: cases of costs by route, of copy amplification and of chains of copies.

import type { Report } from "../../../src/protocol/report.ts";
import type { RouteReport } from "../../../src/protocol/requests.ts";
import { HALF_WIDTHS, TOLERANCE } from "../reach.ts";
import { CALM, FULL, server, type TruthCase } from "./truthCase.ts";

/** The small route has a fourteenth of its operation's bytes, and too few samples by default to be told under full load. */
const FOR_SMALL = 200;
/** Lines of one operation and size. */
const MANY_STACKS = 10_000;
const PAGE_BYTES = 100_000;
/** Encoded for the head of each response; the heads' bytes on the connection are within the tolerance. */
const HEAD_BYTES = 124;
const ROUTES: Readonly<Record<string, { readonly copied: number; readonly moved: number }>> = {
  "/small": { copied: 20_000 + HEAD_BYTES, moved: PAGE_BYTES },
  "/large": { copied: 250_000 + HEAD_BYTES, moved: PAGE_BYTES + 50_000 },
};

function checkRoutes({ requests, io }: Report): string[] {
  const complaints = Object.entries(ROUTES).flatMap(([path, truth]) => {
    const route = requests.routes.find((each) => each.route === path);
    return route === undefined ? [`${path}: not found`] : complaintsOf(route, truth);
  });
  const [copied, moved] = mean();
  return [...complaints, ...off("all: copy amplification", io?.copyAmplification, copied / moved, 0)];
}

function complaintsOf(
  route: RouteReport,
  truth: { readonly copied: number; readonly moved: number },
): string[] {
  const { followed, costs, movedBytes, copyAmplification, route: path } = route;
  const error = costs.copies?.relativeError ?? null;
  if (followed === 0 || error === null) return [`${path}: ${followed} followed, error ${error}`];
  return [
    ...off(`${path}: copied`, costs.copies?.perRequest, truth.copied, error),
    ...off(`${path}: moved`, movedBytes, truth.moved, 0),
    ...off(`${path}: copy amplification`, copyAmplification, truth.copied / truth.moved, error),
  ];
}

/** @param error half the interval shown, of the figure */
function off(name: string, found: number | null | undefined, truth: number, error: number): string[] {
  const tolerance = Math.max(TOLERANCE.copies, HALF_WIDTHS * error);
  return found != null && Math.abs(found / truth - 1) <= tolerance
    ? []
    : [`${name}: ${found} instead of ${truth}`];
}

function mean(): [copied: number, moved: number] {
  const routes = Object.values(ROUTES);
  const of = (figure: "copied" | "moved") =>
    routes.reduce((sum, route) => sum + route[figure], 0) / routes.length;
  return [of("copied"), of("moved")];
}

/** callee, function, from */
const STATIONS = [
  ["Buffer.toString", "read", null],
  ["JSON.parse", "parse", 0],
  ["JSON.stringify", "write", 1],
  ["Buffer.from", "write", 2],
];

function checkChain({ chains }: Report): string[] {
  const found = chains.map(({ stations }) => stations.map((each) => [each.callee, each.function, each.from]));
  const bytes = chains.flatMap(({ stations }) => stations.map((each) => each.bytesPerRequest));
  return [
    ...(JSON.stringify(found) === JSON.stringify([STATIONS]) ? [] : [`chains: ${JSON.stringify(found)}`]),
    ...bytes.flatMap((each) => off("station", each, 5_001, 0)),
  ];
}

/** On every Node. */
const FOLLOWED = { follow: 100 } as const;

export const ROUTE_CASES: readonly TruthCase[] = [
  {
    name: "routes, calm",
    ...CALM,
    ...FOLLOWED,
    quick: [20, 24],
    ...server("routes", "server.cjs"),
    check: checkRoutes,
  },
  {
    name: "routes, full load",
    ...FULL,
    ...FOLLOWED,
    stacks: FOR_SMALL,
    ...server("routes", "server.cjs"),
    check: checkRoutes,
  },
  {
    name: "chain of copies, calm",
    ...CALM,
    ...FOLLOWED,
    quick: [20, 24],
    ...server("chain", "server.cjs"),
    check: checkChain,
  },
  {
    name: "chain of copies, full load",
    ...FULL,
    ...FOLLOWED,
    stacks: MANY_STACKS,
    ...server("chain", "server.cjs"),
    check: checkChain,
  },
];
