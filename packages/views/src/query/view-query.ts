import { ArgumentError, describe } from '@cb/raw';
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
 * The last string of those that begin with a prefix: `mapkeyRange: ['abc', 'abc' + STRING_RANGE_END]`. The character is
 * U+0FFF, as in the Python SDK.
 */
export const STRING_RANGE_END = '\u0fff';

/** True and false; their names and numbers are taken as well. */
export type BooleanOption = boolean | 'true' | 'false' | number;
/** A number, or its digits. What is behind the point is cut off. */
export type NumberOption = number | bigint | string;
/** Start and end; undefined leaves a side open. */
export type Range<T> = readonly [start: T | undefined, end?: T | undefined] | readonly [];

/** The options that all queries for views have. */
export interface CommonQueryOptions {
  /** How fresh the rows must be: `ok`, `false` or `update_after`. The server's default is `update_after`. */
  stale?: BooleanOption | 'ok' | 'update_after' | undefined;
  /** What the server does when a node fails: `continue` or `stop`. */
  onError?: 'continue' | 'stop' | undefined;
  /** How many rows to leave out at the beginning. */
  skip?: NumberOption | undefined;
  /** How many rows to deliver at most. */
  limit?: NumberOption | undefined;
  /** Milliseconds that the server waits for its other nodes. The server's default is 60,000. */
  connectionTimeout?: NumberOption | undefined;
  /** For development design documents: over all documents instead of a part of them. */
  fullSet?: BooleanOption | undefined;
  /** Adds `debugInfo` to the answer. */
  debug?: BooleanOption | undefined;
}

/** The options of a query for a view. Keys are any JSON value; falsy ones are keys too. */
export interface ViewQueryOptions extends CommonQueryOptions {
  /** From the last row to the first; then ranges start at the greater key. */
  descending?: BooleanOption | undefined;
  /** Whether rows at the end of the range belong to it. The server's default is true. */
  inclusiveEnd?: BooleanOption | undefined;
  /** Whether to use the view's reduce function. The server's default is true for views that have one. */
  reduce?: BooleanOption | undefined;
  /** One reduced row for each key. */
  group?: BooleanOption | undefined;
  /** One reduced row for each beginning of the keys, of so many elements. */
  groupLevel?: NumberOption | undefined;
  /** The first key. */
  startkey?: unknown;
  /** The last key. */
  endkey?: unknown;
  /** The only key. */
  key?: unknown;
  /** The only keys; rows come in the order of the keys. A long list travels in the body of a POST. */
  keys?: readonly unknown[] | undefined;
  /** Among the rows of the first key, the first document. */
  startkeyDocid?: string | number | undefined;
  /** Among the rows of the last key, the last document. */
  endkeyDocid?: string | number | undefined;
  /** The same as `key`. */
  mapkeySingle?: unknown;
  /** The same as `keys`. */
  mapkeyMulti?: readonly unknown[] | undefined;
  /** `startkey` and `endkey` in one. Not possible once one of them is set. */
  mapkeyRange?: Range<unknown> | undefined;
  /** `startkeyDocid` and `endkeyDocid` in one, together with `mapkeyRange`. */
  dockeyRange?: Range<string | number> | undefined;
}

/** The options of a query for a spatial view. */
export interface SpatialQueryOptions extends CommonQueryOptions {
  /** Where each dimension begins; null leaves it open. */
  startRange?: readonly unknown[] | undefined;
  /** Where each dimension ends; null leaves it open. */
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

/** A query for a view: every option is a property, checked when it is set. Throws `ArgumentError`. */
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

  /** A query of options that are encoded already; more can be set. */
  static fromString(encoded: string): ViewQuery {
    const query = new ViewQuery();
    query.setPrefix(encoded);
    return query;
  }

  /** A query of options, of an encoded string, or the copy of a query. */
  static fromAny(given: ViewQueryOptions | string | ViewQuery): ViewQuery {
    if (given instanceof ViewQuery) return given.copy();
    if (typeof given === 'string') return ViewQuery.fromString(given);
    return new ViewQuery(checkGiven(given));
  }

  /** A query that is equal to this one, and independent of it. */
  copy(): ViewQuery {
    const copy = new (this.constructor as typeof ViewQuery)(this.flags);
    copy.copyFrom(this);
    return copy;
  }

  /** Sets several options, of this query or (`{ copy: true }`) of a copy; returns the one that has them. */
  update(options: ViewQueryOptions, { copy = false }: { readonly copy?: boolean | undefined } = {}): ViewQuery {
    const query = copy ? this.copy() : this;
    query.writeAll(options);
    return query;
  }

  protected get table(): OptionTable {
    return VIEW_TABLE;
  }
}

/** The same as `ViewQuery`, by its short name. */
export class Query extends ViewQuery {}

/** A query for a spatial view. Servers from version 6 on have none. */
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

  static fromString(encoded: string): SpatialQuery {
    const query = new SpatialQuery();
    query.setPrefix(encoded);
    return query;
  }

  static fromAny(given: SpatialQueryOptions | string | SpatialQuery): SpatialQuery {
    if (given instanceof SpatialQuery) return given.copy();
    if (typeof given === 'string') return SpatialQuery.fromString(given);
    return new SpatialQuery(checkGiven(given));
  }

  copy(): SpatialQuery {
    const copy = new SpatialQuery(this.flags);
    copy.copyFrom(this);
    return copy;
  }

  update(options: SpatialQueryOptions, { copy = false }: { readonly copy?: boolean | undefined } = {}): SpatialQuery {
    const query = copy ? this.copy() : this;
    query.writeAll(options);
    return query;
  }

  protected get table(): OptionTable {
    return SPATIAL_TABLE;
  }
}

defineOptions(ViewQuery, VIEW_TABLE);
defineOptions(SpatialQuery, SPATIAL_TABLE);

/** The query for what a user gave: spatial when it has a range of dimensions. */
export function queryFromAny(
  given: ViewQueryOptions | SpatialQueryOptions | string | ViewQuery | SpatialQuery,
): ViewQuery | SpatialQuery {
  if (given instanceof SpatialQuery) return given.copy();
  if (given instanceof ViewQuery || typeof given === 'string') return ViewQuery.fromAny(given);
  const isSpatial = 'startRange' in checkGiven(given) || 'endRange' in given;
  return isSpatial ? new SpatialQuery(given) : new ViewQuery(given);
}

/** The options as they stand in a URL. */
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

/** `groupLevel` is `group_level` to the server. */
function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The options of queries of views, of whatever kind. */
export const QUERY_OPTIONS: readonly string[] = [
  ...new Set([...namesIn(VIEW_TABLE), ...namesIn(SPATIAL_TABLE), 'passthrough', 'unrecognizedOk']),
];
