import { bigIntegerTranscoder, FMT_JSON, ProtocolError, type Transcoder } from '@cb/raw';

/** Not on the hot path: it runs when a batch of rows is not JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[{\]},]/gs;

/** Returns the texts of rows that are separated by commas. */
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

/** Parses a JSON text, or throws. */
export type ParseJson = (text: string) => unknown;

/**
 * Returns how rows are parsed: integers as the bucket's transcoder reads them if it is one of this package's. Rows are
 * not documents, so that an application's transcoder does not apply to them.
 */
export function jsonParserOf(transcoder: Transcoder): ParseJson {
  if (transcoder !== bigIntegerTranscoder) return JSON.parse;
  return (text) => transcoder.decodeValue(Buffer.from(text), FMT_JSON);
}

/** Parses rows one by one, up to the first that is not JSON, which is the failure. */
export function parseUntilBroken(
  text: string,
  parse: ParseJson,
): { readonly rows: unknown[]; readonly failure: ProtocolError } {
  const rows: unknown[] = [];
  try {
    for (const row of rowTexts(text)) rows.push(parse(row));
  } catch (cause) {
    return { rows, failure: new ProtocolError(`a row is not JSON: ${(cause as Error).message}`, { cause }) };
  }
  return { rows, failure: new ProtocolError('the rows are not JSON') };
}
