import { Datatype } from '@cb/protocol';
import { defaultTranscoder, FMT_JSON, formatOf, type Transcoder } from '@cb/raw';

/**
 * A JSON text that is passed on unchanged: parsing a document and writing it again would round its large integers and
 * reformat its numbers.
 */
export class JsonText {
  readonly text: string;

  /** @throws SyntaxError for text that is not JSON. */
  constructor(text: string) {
    JSON.parse(text);
    this.text = text.trim();
  }

  /** The text in one line, without spaces and line breaks between its tokens. */
  get line(): string {
    return this.text.replace(STRING_OR_SPACE, (_match, string: string | undefined) => string ?? '');
  }
}

/** Stores and reads JSON as `JsonText`, and everything else as usual. */
export const textTranscoder: Transcoder = {
  encodeValue(value, format) {
    if (!(value instanceof JsonText)) return defaultTranscoder.encodeValue(value, format);
    return { payload: value.text, flags: FMT_JSON, datatype: Datatype.Json };
  },

  decodeValue(bytes, flags) {
    const value = defaultTranscoder.decodeValue(bytes, flags);
    // Without flags, only the value shows that it is not JSON.
    const isJson = formatOf(flags) === 'json' && !Buffer.isBuffer(value);
    return isJson ? new JsonText(bytes.toString('utf8')) : value;
  },
};

const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/g;
/** The tokens that matter: strings, and the characters that open, close and separate values. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Returns the text of a member of a JSON object, without parsing the rest; undefined when there is none. */
export function memberText(object: string, wanted: string): string | undefined {
  let depth = 0;
  let name: unknown;
  /** The offset of the member's value. */
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
