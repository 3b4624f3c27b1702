// Editor: which lines of one text stand in a later one, and where. Pure. What can't be told for sure, of several like lines say,
// stands nowhere.

const NOWHERE = -1;

/**
 * Lines above and below all changes are as they were; between them those count that each text has once, in the order of both.
 * Spaces around a line do not count.
 * @returns by line of `before`, from 0, the line in `now`, or -1
 */
export function matchLines(before: readonly string[], now: readonly string[]): Int32Array {
  const [a, b] = [before.map((line) => line.trim()), now.map((line) => line.trim())];
  const found = new Int32Array(a.length).fill(NOWHERE);
  const open: Span[] = [{ a: 0, aEnd: a.length, b: 0, bEnd: b.length }];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const rest = matchEnds(a, b, span, found);
    let from = { a: rest.a, b: rest.b };
    const anchors = anchorsIn(a, b, rest);
    for (const anchor of anchors) {
      found[anchor.a] = anchor.b;
      open.push({ a: from.a, aEnd: anchor.a, b: from.b, bEnd: anchor.b });
      from = { a: anchor.a + 1, b: anchor.b + 1 };
    }
    if (anchors.length > 0) open.push({ a: from.a, aEnd: rest.aEnd, b: from.b, bEnd: rest.bEnd });
  }
  return found;
}

/** Of both texts; ends are not in it. */
interface Span {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** @returns what is between the like lines at both ends */
function matchEnds(a: readonly string[], b: readonly string[], span: Span, found: Int32Array): Span {
  let { a: aFrom, aEnd, b: bFrom, bEnd } = span;
  while (aFrom < aEnd && bFrom < bEnd && a[aFrom] === b[bFrom]) found[aFrom++] = bFrom++;
  while (aFrom < aEnd && bFrom < bEnd && a[aEnd - 1] === b[bEnd - 1]) found[--aEnd] = --bEnd;
  // Lines that were taken out or put in, and are like those above them: which of them were there is not known.
  const alike = (lines: readonly string[], from: number, end: number, by: number) =>
    lines[from - by] === lines[end - by];
  if (bFrom === bEnd)
    for (let by = 1; aFrom - by >= span.a && aFrom < aEnd && alike(a, aFrom, aEnd, by); by++)
      found[aFrom - by] = NOWHERE;
  else if (aFrom === aEnd)
    for (let by = 1; bFrom - by >= span.b && alike(b, bFrom, bEnd, by); by++) found[aFrom - by] = NOWHERE;
  return { a: aFrom, aEnd, b: bFrom, bEnd };
}

interface Anchor {
  readonly a: number;
  readonly b: number;
}

/** Lines that both have once, as many as stand in the same order; in order. */
function anchorsIn(a: readonly string[], b: readonly string[], span: Span): Anchor[] {
  const inB = onceIn(b, span.b, span.bEnd);
  const both: Anchor[] = [];
  for (const [line, at] of onceIn(a, span.a, span.aEnd)) {
    const there = inB.get(line);
    if (there !== undefined) both.push({ a: at, b: there });
  }
  both.sort((one, other) => one.a - other.a);
  return longestRise(both);
}

function onceIn(lines: readonly string[], from: number, to: number): Map<string, number> {
  const once = new Map<string, number>();
  const more = new Set<string>();
  for (let at = from; at < to; at++) {
    const line = lines[at] as string;
    if (once.has(line)) more.add(line);
    else once.set(line, at);
  }
  for (const line of more) once.delete(line);
  return once;
}

/** The longest part whose `b` goes up, by patience sorting. */
function longestRise(anchors: readonly Anchor[]): Anchor[] {
  const tops: number[] = [];
  const under = new Int32Array(anchors.length).fill(NOWHERE);
  anchors.forEach(({ b }, at) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((anchors[tops[middle] as number] as Anchor).b < b) low = middle + 1;
      else high = middle;
    }
    under[at] = tops[low - 1] ?? NOWHERE;
    tops[low] = at;
  });
  const rise: Anchor[] = [];
  for (let at = tops.at(-1) ?? NOWHERE; at !== NOWHERE; at = under[at] as number)
    rise.push(anchors[at] as Anchor);
  return rise.reverse();
}
