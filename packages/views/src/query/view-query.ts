import { ArgumentError } from '@cb/raw';
import { describe } from '@cb/raw/internal';
import {
  booleanOption,
  jsonArrayOption,
  jsonOption,
  numberOption,
  type OptionHandler,
  onErrorOption,
  staleOption,
  textOption,
} from './option-value.js';
import { defineOptions, namesIn, type OptionSpec, type OptionTable, QueryBase, type QueryFlags } from './query-base.js';

/**
 * The end of a range of all strings with a prefix: `mapkeyRange: ['abc', 'abc' + STRING_RANGE_END]`. The character is
 * U+0FFF, as in the Python SDK.
 */
export const STRING_RANGE_END = '\u0fff';

/** A boolean. The names `true` and `false` and numbers are accepted as well. */
export type BooleanOption = boolean | 'true' | 'false' | number;
/** A number, or its digits. It is truncated to a whole number. */
export type NumberOption = number | bigint | string;
/** A start and an end; undefined leaves that side open. */
export type Range<T> = readonly [start: T | undefined, end?: T | undefined] | readonly [];

/** The options of all queries of views. */
export interface CommonQueryOptions {
  /** How fresh the rows must be: `ok`, `false` or `update_after`. The server's default is `update_after`. */
  stale?: BooleanOption | 'ok' | 'update_after' | undefined;
  /** What the server does when a node fails: `continue` or `stop`. */
  onError?: 'continue' | 'stop' | undefined;
  /** Number of rows to skip at the beginning. */
  skip?: NumberOption | undefined;
  /** Maximum number of rows to return. */
  limit?: NumberOption | undefined;
  /** Maximum time that the server waits for its other nodes, in milliseconds. The server's default is 60,000. */
  connectionTimeout?: NumberOption | undefined;
  /** For design documents in development: queries all documents instead of a part of them. */
  fullSet?: BooleanOption | undefined;
  /** Adds `debugInfo` to the answer. */
  debug?: BooleanOption | undefined;
}

/** The options of a query for a view. Keys are any JSON value; falsy ones are keys too. */
export interface ViewQueryOptions extends CommonQueryOptions {
  /** Returns the rows in descending order; ranges then start at the greater key. */
  descending?: BooleanOption | undefined;
  /** Whether the end of the range is included. The server's default is true. */
  inclusiveEnd?: BooleanOption | undefined;
  /** Whether to use the view's reduce function. The server's default is true for views that have one. */
  reduce?: BooleanOption | undefined;
  /** Returns one reduced row for each key. */
  group?: BooleanOption | undefined;
  /** Returns one reduced row for each distinct group of this many leading elements of array keys. */
  groupLevel?: NumberOption | undefined;
  /** The first key. */
  startkey?: unknown;
  /** The last key. */
  endkey?: unknown;
  /** Returns the rows of this key only. */
  key?: unknown;
  /** Returns the rows of these keys only, in the order of the keys. A long list is sent in the body of a POST. */
  keys?: readonly unknown[] | undefined;
  /** The first document among the rows of `startkey`. */
  startkeyDocid?: string | number | undefined;
  /** The last document among the rows of `endkey`. */
  endkeyDocid?: string | number | undefined;
  /** An alias of `key`. */
  mapkeySingle?: unknown;
  /** An alias of `keys`. */
  mapkeyMulti?: readonly unknown[] | undefined;
  /** Sets `startkey` and `endkey`. It cannot be combined with either of them. */
  mapkeyRange?: Range<unknown> | undefined;
  /** Sets `startkeyDocid` and `endkeyDocid`, together with `mapkeyRange`. */
  dockeyRange?: Range<string | number> | undefined;
}

/** The options of a query for a spatial view. */
export interface SpatialQueryOptions extends CommonQueryOptions {
  /** The start of each dimension; null leaves it open. */
  startRange?: readonly unknown[] | undefined;
  /** The end of each dimension; null leaves it open. */
  endRange?: readonly unknown[] | undefined;
}

const COMMON: Readonly<Record<string, OptionHandler>> = {
  stale: staleOption,
  onError: onErrorOption,
  skip: numberOption,
  limit: numberOption,
  connectionTimeout: numberOption,
  fullSet: booleanOption,
  debug: booleanOption,
};

const VIEW_TABLE: OptionTable = {
  options: optionSpecs({
    ...COMMON,
    descending: booleanOption,
    inclusiveEnd: booleanOption,
    reduce: booleanOption,
    group: booleanOption,
    groupLevel: numberOption,
    startkey: jsonOption,
    endkey: jsonOption,
    key: jsonOption,
    keys: jsonArrayOption,
    startkeyDocid: textOption,
    endkeyDocid: textOption,
  }),
  aliases: new Map([
    ['mapkeySingle', 'key'],
    ['mapkeyMulti', 'keys'],
  ]),
  ranges: new Map([
    ['mapkeyRange', { start: 'startkey', end: 'endkey' }],
    ['dockeyRange', { start: 'startkeyDocid', end: 'endkeyDocid' }],
  ]),
};

const SPATIAL_TABLE: OptionTable = {
  options: optionSpecs({ ...COMMON, startRange: jsonArrayOption, endRange: jsonArrayOption }),
  aliases: new Map(),
  ranges: new Map(),
};

/**
 * A query of a view. Every option is a property and checked when it is set, with `ArgumentError` for an invalid value.
 */
export class ViewQuery extends QueryBase implements ViewQueryOptions {
  declare stale: ViewQueryOptions['stale'];
  declare onError: ViewQueryOptions['onError'];
  declare skip: ViewQueryOptions['skip'];
  declare limit: ViewQueryOptions['limit'];
  declare connectionTimeout: ViewQueryOptions['connectionTimeout'];
  declare fullSet: ViewQueryOptions['fullSet'];
  declare debug: ViewQueryOptions['debug'];
  declare descending: ViewQueryOptions['descending'];
  declare inclusiveEnd: ViewQueryOptions['inclusiveEnd'];
  declare reduce: ViewQueryOptions['reduce'];
  declare group: ViewQueryOptions['group'];
  declare groupLevel: ViewQueryOptions['groupLevel'];
  declare startkey: ViewQueryOptions['startkey'];
  declare endkey: ViewQueryOptions['endkey'];
  declare key: ViewQueryOptions['key'];
  declare keys: ViewQueryOptions['keys'];
  declare startkeyDocid: ViewQueryOptions['startkeyDocid'];
  declare endkeyDocid: ViewQueryOptions['endkeyDocid'];
  declare mapkeySingle: ViewQueryOptions['mapkeySingle'];
  declare mapkeyMulti: ViewQueryOptions['mapkeyMulti'];
  declare mapkeyRange: ViewQueryOptions['mapkeyRange'];
  declare dockeyRange: ViewQueryOptions['dockeyRange'];

  constructor(options: ViewQueryOptions & QueryFlags = {}) {
    super(options);
    this.writeAll(options);
  }

  /** Creates a query of encoded options; more can be set. */
  static fromString(encoded: string): ViewQuery {
    const query = new ViewQuery();
    query.setPrefix(encoded);
    return query;
  }

  /** Creates a query of options, of an encoded string, or as the copy of a query. */
  static fromAny(given: ViewQueryOptions | string | ViewQuery): ViewQuery {
    if (given instanceof ViewQuery) return given.copy();
    if (typeof given === 'string') return ViewQuery.fromString(given);
    return new ViewQuery(checkGiven(given));
  }

  /** Returns a copy of this query. */
  copy(): ViewQuery {
    const copy = new (this.constructor as typeof ViewQuery)(this.flags);
    copy.copyFrom(this);
    return copy;
  }

  /** Sets several options, of this query or (`{ copy: true }`) of a copy, and returns the query that has them. */
  update(options: ViewQueryOptions, { copy = false }: { readonly copy?: boolean | undefined } = {}): ViewQuery {
    const query = copy ? this.copy() : this;
    query.writeAll(options);
    return query;
  }

  /** @internal */
  protected get table(): OptionTable {
    return VIEW_TABLE;
  }
}

/** A short name of `ViewQuery`. */
export class Query extends ViewQuery {}

/** A query of a spatial view. Servers from version 6 on do not have these. */
export class SpatialQuery extends QueryBase implements SpatialQueryOptions {
  declare stale: SpatialQueryOptions['stale'];
  declare onError: SpatialQueryOptions['onError'];
  declare skip: SpatialQueryOptions['skip'];
  declare limit: SpatialQueryOptions['limit'];
  declare connectionTimeout: SpatialQueryOptions['connectionTimeout'];
  declare fullSet: SpatialQueryOptions['fullSet'];
  declare debug: SpatialQueryOptions['debug'];
  declare startRange: SpatialQueryOptions['startRange'];
  declare endRange: SpatialQueryOptions['endRange'];

  constructor(options: SpatialQueryOptions & QueryFlags = {}) {
    super(options);
    this.writeAll(options);
  }

  /** Creates a query of encoded options; more can be set. */
  static fromString(encoded: string): SpatialQuery {
    const query = new SpatialQuery();
    query.setPrefix(encoded);
    return query;
  }

  /** Creates a query of options, of an encoded string, or as the copy of a query. */
  static fromAny(given: SpatialQueryOptions | string | SpatialQuery): SpatialQuery {
    if (given instanceof SpatialQuery) return given.copy();
    if (typeof given === 'string') return SpatialQuery.fromString(given);
    return new SpatialQuery(checkGiven(given));
  }

  /** Returns a copy of this query. */
  copy(): SpatialQuery {
    const copy = new SpatialQuery(this.flags);
    copy.copyFrom(this);
    return copy;
  }

  /** Sets several options, of this query or (`{ copy: true }`) of a copy, and returns the query that has them. */
  update(options: SpatialQueryOptions, { copy = false }: { readonly copy?: boolean | undefined } = {}): SpatialQuery {
    const query = copy ? this.copy() : this;
    query.writeAll(options);
    return query;
  }

  /** @internal */
  protected get table(): OptionTable {
    return SPATIAL_TABLE;
  }
}

defineOptions(ViewQuery, VIEW_TABLE);
defineOptions(SpatialQuery, SPATIAL_TABLE);

/** Returns the query for options, an encoded string or a query: spatial when it has a range of dimensions. */
export function queryFromAny(
  given: ViewQueryOptions | SpatialQueryOptions | string | ViewQuery | SpatialQuery,
): ViewQuery | SpatialQuery {
  if (given instanceof SpatialQuery) return given.copy();
  if (given instanceof ViewQuery || typeof given === 'string') return ViewQuery.fromAny(given);
  const isSpatial = 'startRange' in checkGiven(given) || 'endRange' in given;
  return isSpatial ? new SpatialQuery(given) : new ViewQuery(given);
}

/** Returns the options encoded for a URL. */
export function optionsString(given: ViewQueryOptions | ViewQuery, flags: QueryFlags = {}): string {
  return (given instanceof ViewQuery ? given : new ViewQuery({ ...given, ...flags })).encoded;
}

function checkGiven<T>(given: T): T {
  if (typeof given === 'object' && given !== null && !(given instanceof QueryBase)) return given;
  throw new ArgumentError(`a query is made of options, a string or a query, not of ${describe(given)}`);
}

function optionSpecs(handlers: Readonly<Record<string, OptionHandler>>): ReadonlyMap<string, OptionSpec> {
  const specs = Object.entries(handlers).map(([name, handler]) => [name, { key: wireName(name), handler }] as const);
  return new Map(specs);
}

/** Returns the name of an option on the wire: `group_level` for `groupLevel`. */
function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The names of the options of all queries of views. */
export const QUERY_OPTIONS: readonly string[] = [
  ...new Set([...namesIn(VIEW_TABLE), ...namesIn(SPATIAL_TABLE), 'passthrough', 'unrecognizedOk']),
];
