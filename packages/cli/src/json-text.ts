import { Datatype } from '@cb/protocol';
import { defaultTranscoder, FMT_JSON, formatOf, type Transcoder } from '@cb/raw';

/**
 * JSON that passes through as it is: a document that is parsed and written again has its large integers rounded, and its
 * numbers written another way.
 */
export class JsonText {
  readonly text: string;

  /** @throws SyntaxError for what is not JSON. */
  constructor(text: string) {
    JSON.parse(text);
    this.text = text.trim();
  }

  /** The same in one line: without the spaces and line breaks between its tokens. */
  get line(): string {
    return this.text.replace(STRING_OR_SPACE, (_match, string: string | undefined) => string ?? '');
  }
}

/** Stores and reads JSON as `JsonText`, and everything else as ever. */
export const textTranscoder: Transcoder = {
  encodeValue(value, format) {
    if (!(value instanceof JsonText)) return defaultTranscoder.encodeValue(value, format);
    return { payload: value.text, flags: FMT_JSON, datatype: Datatype.Json };
  },

  decodeValue(bytes, flags) {
    const value = defaultTranscoder.decodeValue(bytes, flags);
    // Of what has no flags, only the value tells that it is not JSON.
    const isJson = formatOf(flags) === 'json' && !Buffer.isBuffer(value);
    return isJson ? new JsonText(bytes.toString('utf8')) : value;
  },
};

const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/g;
/** Strings, of which JSON has everything that is not one, and what opens, closes and parts its values. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The text of a member of a JSON object, of which nothing else is looked at; undefined when there is none. */
export function memberText(object: string, wanted: string): string | undefined {
  let depth = 0;
  let name: unknown;
  /** Where the value of the member begins. */
  let start = -1;
  let found: string | undefined;
  for (const { 0: token, index } of object.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token === ':') start = index + 1;
    else if (depth === 1 && start === -1 && token !== ',') name = JSON.parse(token);
    const isEnd = token === ',' ? depth === 1 : depth === 0;
    if (start === -1 || !isEnd) continue;
    if (name === wanted) found = object.slice(start, index).trim();
    start = -1;
  }
  return found;
}
