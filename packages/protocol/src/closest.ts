/** Minimum length of a word that is completed: shorter ones are the beginning of too many candidates. */
const BEGINNING_LETTERS_MIN = 3;

/**
 * Returns the candidate that was probably meant by a misspelt word: the one with the fewest letters to insert, drop,
 * change or swap with their neighbour, if these are at most a third of the word. A word that is the beginning of a
 * candidate is one letter from it. Capitals, underscores and hyphens are ignored.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const lowered = word.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const letters = candidate.toLowerCase();
    const edits = Math.min(distance(lowered, letters), distance(joined(lowered), joined(letters)));
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

function joined(word: string): string {
  return word.replaceAll(/[_-]/g, '');
}

function distance(word: string, candidate: string): number {
  const isBeginning = word.length >= BEGINNING_LETTERS_MIN && word !== candidate && candidate.startsWith(word);
  return isBeginning ? 1 : editDistance(word, candidate);
}

/** Optimal string alignment: Levenshtein's distance, with a swap of neighbours as one edit. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}
