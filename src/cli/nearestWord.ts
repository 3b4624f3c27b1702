// Command line: what a mistyped word was probably meant to be.

/** Of these the one that takes the fewest changed letters, null where none is near enough to be meant. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | null = null;
  let least = most + 1;
  for (const candidate of known) {
    // Half a word is what people type who are used to shells that complete it.
    const changes = word.length > 2 && candidate.startsWith(word) ? 0 : changedLetters(word, candidate);
    if (changes < least) [nearest, least] = [candidate, changes];
  }
  return nearest;
}

/** Levenshtein's distance. */
function changedLetters(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let at = 1; at <= b.length; at++) {
      const swapped = (above[at - 1] as number) + (a[row - 1] === b[at - 1] ? 0 : 1);
      line.push(Math.min(swapped, (above[at] as number) + 1, (line[at - 1] as number) + 1));
    }
    above = line;
  }
  return above[b.length] as number;
}
