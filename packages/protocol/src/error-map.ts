import { asObject, parseJson } from './json-fields.js';

/** The server's explanation of a status. */
export interface ErrorMapEntry {
  /** The name of the status. */
  readonly name: string;
  /** What the status means. */
  readonly description: string;
  /** Attributes such as `item-only` or `retry-now`; see kv_engine docs/ErrorMap.md. Unknown ones are ignored. */
  readonly attributes: ReadonlySet<string>;
}

/**
 * The server's explanations of its statuses, for those that this client does not know (RFC 0013 and 0069, versions 1
 * and 2). Each node has its own. The retry intervals of version 1 are ignored, as RFC 0069 withdrew them.
 */
export class ErrorMap {
  /** The version of the format. */
  readonly version: number;
  /** The revision of the content. */
  readonly revision: number;
  readonly #errors: Readonly<Record<string, unknown>>;
  /** Parsed when it is first needed: every connection gets a map, and few need it. */
  #entries: ReadonlyMap<number, ErrorMapEntry> | undefined = undefined;

  private constructor(version: number, revision: number, errors: Readonly<Record<string, unknown>>) {
    this.version = version;
    this.revision = revision;
    this.#errors = errors;
  }

  /**
   * Parses an error map. Missing or malformed fields are ignored: `{}` is an empty map.
   * @throws ProtocolError when the text is not a JSON object.
   */
  static parse(json: string | Uint8Array): ErrorMap {
    const map = asObject(parseJson(json, 'the error map'), 'the error map');
    const errors = map['errors'];
    return new ErrorMap(numberOr0(map['version']), numberOr0(map['revision']), isObject(errors) ? errors : {});
  }

  /** The number of explained statuses. */
  get size(): number {
    return this.#read().size;
  }

  /** Returns the explanation of a status; undefined when the map does not have it. */
  entryOf(status: number): ErrorMapEntry | undefined {
    return this.#read().get(status);
  }

  #read(): ReadonlyMap<number, ErrorMapEntry> {
    this.#entries ??= readEntries(this.#errors);
    return this.#entries;
  }
}

function readEntries(errors: Readonly<Record<string, unknown>>): ReadonlyMap<number, ErrorMapEntry> {
  const entries = new Map<number, ErrorMapEntry>();
  for (const [code, value] of Object.entries(errors)) {
    if (/^[0-9a-f]{1,4}$/i.test(code) && isObject(value)) entries.set(Number.parseInt(code, 16), readEntry(value));
  }
  return entries;
}

function readEntry(value: Readonly<Record<string, unknown>>): ErrorMapEntry {
  const { name, desc, attrs } = value;
  const attributes = Array.isArray(attrs) ? attrs.filter((each): each is string => typeof each === 'string') : [];
  return { name: textOf(name), description: textOf(desc), attributes: new Set(attributes) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOr0(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
