// Model: a window's rows by route, in the profile's ids, and those of two windows as one. What a window does not have it
// leaves out.

import type { ChainRow, ChainStationRow, RouteFactsRow, RouteSampleRow } from "../protocol/window.ts";
import { mergeSamples } from "./coalesce.ts";
import type { IdSpace } from "./idSpace.ts";
import type { ProfileWindow } from "./profile.ts";

type RouteRows = Pick<ProfileWindow, "routeSamples" | "routeFacts" | "chains" | "io">;

/** @param routeOf a connection's route in the profile's ids */
export function translateRoutes(
  ids: IdSpace,
  routeOf: (id: number) => number,
  { routeSamples, routeFacts, chains, io }: RouteRows,
): RouteRows {
  const stackOf = (stack: number) => ids.stacks.get(stack) ?? 0;
  return {
    ...(routeSamples && {
      routeSamples: routeSamples.flatMap(
        ([operation, sizeClass, stack, route, ...sums]): RouteSampleRow[] => {
          const known = ids.operations.get(operation);
          return known === undefined ? [] : [[known, sizeClass, stackOf(stack), routeOf(route), ...sums]];
        },
      ),
    }),
    ...(routeFacts && {
      routeFacts: routeFacts.map(([route, ...sums]): RouteFactsRow => [routeOf(route), ...sums]),
    }),
    ...(chains && {
      chains: chains.flatMap(([route, count, stations]): ChainRow[] => {
        const known = stations.flatMap(([operation, stack, ...rest]): ChainStationRow[] => {
          const id = ids.operations.get(operation);
          return id === undefined ? [] : [[id, stackOf(stack), ...rest]];
        });
        // Without one of its stations the others would be linked wrongly.
        return known.length === stations.length ? [[routeOf(route), count, known]] : [];
      }),
    }),
    ...(io && { io }),
  };
}

export function mergeRoutes(a: RouteRows, b: RouteRows): RouteRows {
  return {
    ...((a.routeSamples ?? b.routeSamples) && {
      routeSamples: mergeSamples(a.routeSamples ?? [], b.routeSamples ?? []),
    }),
    ...((a.routeFacts ?? b.routeFacts) && {
      routeFacts: mergeFacts([...(a.routeFacts ?? []), ...(b.routeFacts ?? [])]),
    }),
    ...((a.chains ?? b.chains) && { chains: mergeChains([...(a.chains ?? []), ...(b.chains ?? [])]) }),
    // Unknown in one of them is unknown in both.
    ...(a.io &&
      b.io && {
        io: {
          received: a.io.received + b.io.received,
          sent: a.io.sent + b.io.sent,
          files: a.io.files + b.io.files,
        },
      }),
  };
}

function mergeFacts(rows: readonly RouteFactsRow[]): RouteFactsRow[] {
  const sums = new Map<number, RouteFactsRow>();
  for (const [route, ...row] of rows) {
    const [, ...known] = sums.get(route) ?? [route, 0, 0, 0, 0];
    sums.set(route, [route, row[0] + known[0], row[1] + known[1], row[2] + known[2], row[3] + known[3]]);
  }
  return [...sums.values()];
}

function mergeChains(rows: readonly ChainRow[]): ChainRow[] {
  const sums = new Map<string, ChainRow>();
  for (const row of rows) {
    const [route, count, stations] = row;
    const key = `${route};${stations.map(([operation, stack, from]) => `${operation},${stack},${from}`).join(";")}`;
    const known = sums.get(key);
    if (known === undefined) {
      sums.set(key, row);
      continue;
    }
    const both = stations.map(([operation, stack, from, copies, bytes], at): ChainStationRow => {
      const [, , , moreCopies = 0, moreBytes = 0] = known[2][at] ?? [0, 0, 0, 0, 0];
      return [operation, stack, from, copies + moreCopies, bytes + moreBytes];
    });
    sums.set(key, [route, count + known[1], both]);
  }
  return [...sums.values()];
}
