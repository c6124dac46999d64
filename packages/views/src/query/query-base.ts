import { ArgumentError } from '@cb/raw';
import { closest, describe } from '@cb/raw/internal';
import { percentEncode } from './encoding.js';
import { type OptionHandler, textOption } from './option-value.js';

/** The absent value: an option that is set to it counts as not set. */
export const UNSPEC: undefined = undefined;

/** An option of queries: its name on the wire, and its type. */
export interface OptionSpec {
  readonly key: string;
  readonly handler: OptionHandler;
}

/** An option that sets two others: the start and the end of a range. */
export interface RangeSpec {
  readonly start: string;
  readonly end: string;
}

/** The options of a kind of query. */
export interface OptionTable {
  /** The options, by name. */
  readonly options: ReadonlyMap<string, OptionSpec>;
  /** Other names of options. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Options that set two others, by name. */
  readonly ranges: ReadonlyMap<string, RangeSpec>;
}

/** Flags that change how a query treats its options. */
export interface QueryFlags {
  /** The values are encoded already and are sent as they are. Default false. */
  readonly passthrough?: boolean | undefined;
  /**
   * Unknown options are sent after the others, name and value without any encoding, instead of being errors. Default
   * false.
   */
  readonly unrecognizedOk?: boolean | undefined;
}

/** The two parts of a query that is sent with a body. */
export interface LongForm {
  /** The options in the URL. */
  readonly uri: string;
  /** The JSON of the body. */
  readonly body: string;
}

/**
 * Maximum length of options in a URL, in characters; above it, keys are sent in the body of a POST. As in libcouchbase.
 */
export const URI_CHARACTERS_MAX = 2048;

/**
 * The options of a query, checked when they are set. None has a default here: an option that is not set is not sent,
 * and the server decides.
 */
export abstract class QueryBase {
  readonly #passthrough: boolean;
  readonly #unrecognizedOk: boolean;
  /** The values as the user gave them, by name. */
  readonly #given = new Map<string, unknown>();
  /** The encoded values by their name on the wire, in the order in which they were first set. */
  readonly #encoded = new Map<string, string>();
  readonly #unrecognized = new Map<string, string>();
  #prefix: string | undefined = undefined;

  constructor({ passthrough = false, unrecognizedOk = false }: QueryFlags) {
    this.#passthrough = passthrough;
    this.#unrecognizedOk = unrecognizedOk;
  }

  /** The options that this kind of query has. @internal */
  protected abstract get table(): OptionTable;

  /** The option string, as it stands in a URL. */
  get encoded(): string {
    return this.#text(undefined);
  }

  /** Whether the options are too long for a URL, so that the keys are sent in a body. */
  get hasBlob(): boolean {
    return this.encoded.length > URI_CHARACTERS_MAX;
  }

  /** The encoded options in two parts, with the keys in the body. */
  get longForm(): LongForm {
    const keys = this.#encoded.get('keys');
    return { uri: this.#text('keys'), body: keys === undefined ? '{}' : `{"keys":${keys}}` };
  }

  /** Returns the options as a query string. */
  toString(): string {
    return `Query:'${this.encoded}'`;
  }

  /** Returns the value of an option; UNSPEC when it is not set. */
  protected read(name: string): unknown {
    return this.#given.get(this.table.aliases.get(name) ?? name);
  }

  /** Sets an option of any kind; UNSPEC unsets it. */
  protected write(given: string, value: unknown): void {
    const name = this.table.aliases.get(given) ?? given;
    const range = this.table.ranges.get(name);
    const spec = this.table.options.get(name);
    if (range !== undefined) this.#setRange(name, range, value);
    else if (spec !== undefined) this.#setOption(name, spec, value);
    else this.#setUnrecognized(name, value);
  }

  /**
   * Sets several options.
   * @throws ArgumentError for an unknown option or an invalid value.
   */
  protected writeAll(options: object): void {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new ArgumentError(`the options of a query must be an object, not ${describe(options)}`);
    }
    for (const [name, value] of Object.entries(options)) {
      if (name === 'passthrough' || name === 'unrecognizedOk') continue;
      this.write(name, value);
    }
  }

  /** Puts encoded options before all others. */
  protected setPrefix(prefix: string): void {
    this.#prefix = prefix;
  }

  /** Copies everything from another query. */
  protected copyFrom(other: QueryBase): void {
    for (const [name, value] of other.#given) this.#given.set(name, value);
    for (const [key, text] of other.#encoded) this.#encoded.set(key, text);
    for (const [key, text] of other.#unrecognized) this.#unrecognized.set(key, text);
    this.#prefix = other.#prefix;
  }

  /** The flags that the query was created with. */
  protected get flags(): QueryFlags {
    return { passthrough: this.#passthrough, unrecognizedOk: this.#unrecognizedOk };
  }

  #setOption(name: string, spec: OptionSpec, value: unknown): void {
    this.#put(spec.key, this.#textOf(name, spec, value));
    if (value === UNSPEC) this.#given.delete(name);
    else this.#given.set(name, value);
  }

  /** Returns the text of a value. Throws `ArgumentError` for an invalid one. */
  #textOf(name: string, { handler }: OptionSpec, value: unknown): string | undefined {
    return value === UNSPEC ? undefined : (this.#passthrough ? textOption : handler)(value, name);
  }

  #put(key: string, text: string | undefined): void {
    if (text === undefined) this.#encoded.delete(key);
    else this.#encoded.set(key, text);
  }

  #setRange(name: string, { start, end }: RangeSpec, value: unknown): void {
    const wanted = `${name} must be an array of one or two elements: where it starts and where it ends`;
    if (value !== UNSPEC && !Array.isArray(value)) throw new ArgumentError(`${wanted}, not ${describe(value)}`);
    if (this.#given.has(start) || this.#given.has(end)) {
      throw new ArgumentError(`${name} cannot be combined with ${start} or ${end}: it sets both`);
    }
    if (value !== UNSPEC && value.length > 2) throw new ArgumentError(`${wanted}; it has ${value.length}`);
    const [first, last] = [this.table.options.get(start)!, this.table.options.get(end)!];
    const [from, to] = [this.#textOf(name, first, value?.[0]), this.#textOf(name, last, value?.[1])];
    this.#put(first.key, from);
    this.#put(last.key, to);
    if (value === UNSPEC || value.length === 0) this.#given.delete(name);
    else this.#given.set(name, value);
  }

  #setUnrecognized(name: string, value: unknown): void {
    if (!this.#unrecognizedOk) {
      throw unknownOption(name, namesIn(this.table));
    }
    if (value === UNSPEC) this.#unrecognized.delete(name);
    else this.#unrecognized.set(name, textOption(value, name));
  }

  #text(leaveOut: string | undefined): string {
    const encode = this.#passthrough ? (text: string): string => text : percentEncode;
    const parts: string[] = [];
    for (const [key, text] of this.#encoded) if (key !== leaveOut) parts.push(`${encode(key)}=${encode(text)}`);
    for (const [key, text] of this.#unrecognized) parts.push(`${key}=${text}`);
    const own = parts.join('&');
    return this.#prefix === undefined ? own : `${this.#prefix}&${own}`;
  }
}

/** Gives a class of queries a property for each of its options. */
export function defineOptions(queryClass: { readonly prototype: QueryBase }, table: OptionTable): void {
  const prototype = queryClass.prototype as unknown as {
    read(name: string): unknown;
    write(name: string, value: unknown): void;
  };
  for (const name of [...table.options.keys(), ...table.aliases.keys(), ...table.ranges.keys()]) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: typeof prototype) {
        return this.read(name);
      },
      set(this: typeof prototype, value: unknown) {
        this.write(name, value);
      },
    });
  }
}

/** The names of all options of this kind of query. */
export function namesIn({ options, aliases, ranges }: OptionTable): string[] {
  return [...options.keys(), ...aliases.keys(), ...ranges.keys()];
}

export function unknownOption(name: string, known: readonly string[]): ArgumentError {
  const meant = closest(name, known);
  const help = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new ArgumentError(`a query has no option ${JSON.stringify(name)}; it takes ${known.join(', ')}${help}`);
}
