import { ProtocolError } from '@cb/raw';

/** Not a hot path: it runs when a batch of rows turned out to be no JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[{\]},]/gs;

/** The texts of the rows, which commas separate. */
function* rowTexts(rows: string): Generator<string> {
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of rows.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ',' && depth === 0) {
      yield rows.slice(start, index);
      start = index + 1;
    }
  }
  yield rows.slice(start);
}

/** Parses rows one by one, up to the first that is no JSON; it is the failure. */
export function parseUntilBroken(text: string): { readonly rows: unknown[]; readonly failure: ProtocolError } {
  const rows: unknown[] = [];
  try {
    for (const row of rowTexts(text)) rows.push(JSON.parse(row));
  } catch (cause) {
    return { rows, failure: new ProtocolError(`a row is no JSON: ${(cause as Error).message}`, { cause }) };
  }
  return { rows, failure: new ProtocolError('the rows are no JSON') };
}
