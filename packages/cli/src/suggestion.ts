/** The candidate that is most like what was written, unless none is much like it. */
export function suggestion(written: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.floor(written.length / 3) + 2;
  for (const candidate of candidates) {
    const distance = written !== '' && candidate.startsWith(written) ? 1 : editDistance(written, candidate);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** How many letters must be put in, taken out or replaced to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
