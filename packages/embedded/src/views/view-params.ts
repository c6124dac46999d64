import { compareKeys, type Json } from './collation.js';
import { ID_MAX } from './row.js';
import { badRequest, queryParseError } from './view-error.js';

/** How a view is asked: as it maps, as it reduces, or, being able to reduce, only as it maps. */
export type ViewType = 'map' | 'reduce' | 'red_map';

/** Rows of a reduced view: one of all, one for each key, or one for each key's first elements. */
export type Grouping = 'exact' | number;

/** Where a range of keys begins or ends. */
export interface Bound {
  readonly key: Json;
  /** Breaks ties between rows with that key; one UTF-16 unit for each byte. */
  readonly id: string;
}

/** What a query asks for, checked and with every default filled in. */
export interface ViewParams {
  readonly type: ViewType;
  /** Keys to look up one after the other, in place of a range. */
  readonly keys: readonly Json[] | undefined;
  readonly start: Bound | undefined;
  readonly end: Bound | undefined;
  /** The ids that the range of each of `keys` is limited to. */
  readonly startId: string;
  readonly endId: string;
  readonly inclusiveEnd: boolean;
  readonly descending: boolean;
  readonly skip: number;
  readonly limit: number;
  readonly grouping: Grouping;
  readonly stale: 'ok' | 'false' | 'update_after';
  readonly onError: 'continue' | 'stop';
  readonly debug: boolean;
  /** Whether a design in development is asked about all documents instead of a sample. */
  readonly fullSet: boolean;
  /** Milliseconds to wait for a node; undefined without a limit. */
  readonly timeoutMs: number | undefined;
}

/** What is read, in the making. */
interface Draft {
  type: ViewType;
  multiGet: boolean;
  startKey?: Json;
  endKey?: Json;
  startId?: string;
  endId?: string;
  inclusiveEnd: boolean;
  descending: boolean;
  skip: number;
  limit: number;
  grouping: Grouping;
  stale: ViewParams['stale'];
  debug: boolean;
}

type Reader = (draft: Draft, value: string) => void;

const startKey: Reader = (draft, value) => {
  if (draft.multiGet) throw queryParseError('Query parameter `start_key` is not compatible with multi-get');
  draft.startKey = json(value);
};
const endKey: Reader = (draft, value) => {
  if (draft.multiGet) throw queryParseError('Query parameter `end_key` is not compatible with multi-get');
  draft.endKey = json(value);
};
const startId: Reader = (draft, value) => {
  draft.startId = Buffer.from(value).toString('latin1');
};
const endId: Reader = (draft, value) => {
  draft.endId = Buffer.from(value).toString('latin1');
};

/** By name, what each parameter does; both spellings of those that have two. Source: couchbase/couchdb, couch_httpd_view.erl. */
const READERS: Readonly<Record<string, Reader>> = {
  startkey: startKey,
  start_key: startKey,
  endkey: endKey,
  end_key: endKey,
  key: (draft, value) => {
    startKey(draft, value);
    endKey(draft, value);
  },
  startkey_docid: startId,
  start_key_doc_id: startId,
  endkey_docid: endId,
  end_key_doc_id: endId,
  limit: (draft, value) => {
    draft.limit = positiveInteger(value);
  },
  skip: (draft, value) => {
    draft.skip = positiveInteger(value);
  },
  count: () => {
    throw queryParseError("Query parameter 'count' is now 'limit'.");
  },
  stale: (draft, value) => {
    const stale = value.toLowerCase();
    if (stale !== 'ok' && stale !== 'false' && stale !== 'update_after') {
      throw queryParseError('stale only available as stale=ok, stale=update_after or stale=false');
    }
    draft.stale = stale;
  },
  descending: (draft, value) => {
    draft.descending = boolean(value) || draft.descending;
  },
  inclusive_end: (draft, value) => {
    draft.inclusiveEnd = boolean(value);
  },
  reduce: (draft, value) => {
    if (boolean(value) && draft.type === 'map') throw queryParseError('Invalid URL parameter `reduce` for map view.');
  },
  group: (draft, value) => setGrouping(draft, boolean(value) ? 'exact' : 0),
  group_level: (draft, value) => setGrouping(draft, positiveInteger(value)),
  include_docs: (_draft, value) => {
    boolean(value);
  },
  debug: (draft, value) => {
    draft.debug = boolean(value);
  },
};

/**
 * Reads the parameters of a query. Names that are not known are left alone, as the server does.
 * @param isReduced whether the view has a reduce function
 * @param body of a POST, else undefined
 * @throws ViewError 400 when one has a value that it cannot have, or two of them contradict each other.
 */
export function readViewParams(
  query: URLSearchParams,
  isReduced: boolean,
  body: Readonly<Record<string, unknown>> = {},
): ViewParams {
  if (query.has('group') && query.has('group_level')) {
    throw queryParseError('Query parameter `group_level` is not compatible with `group`');
  }
  const keys = readKeys(body['keys'] ?? (query.has('keys') ? json(query.get('keys')!) : undefined));
  const draft: Draft = {
    type: viewType(isReduced, query.get('reduce')),
    multiGet: keys !== undefined,
    inclusiveEnd: true,
    descending: false,
    skip: 0,
    limit: Number.POSITIVE_INFINITY,
    grouping: 0,
    stale: 'update_after',
    debug: false,
  };
  for (const [name, value] of query) {
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    read?.(draft, value);
  }
  checkRange(draft);
  if (draft.type === 'reduce' && draft.multiGet && draft.grouping !== 'exact') {
    throw queryParseError('Multi-key fetchs for reduce view must include `group=true`');
  }
  return { ...complete(draft), keys, ...besides(query, body) };
}

/** Whether the view is to be reduced; the name of the value is looked at as it is, in lower case. */
function viewType(isReduced: boolean, reduce: string | null): ViewType {
  if (!isReduced) return 'map';
  return reduce === 'false' ? 'red_map' : 'reduce';
}

function complete({ startKey, endKey, multiGet, ...draft }: Draft): Omit<ViewParams, keyof Besides | 'keys'> {
  const { descending, inclusiveEnd } = draft;
  const startId = draft.startId ?? (descending ? ID_MAX : '');
  // The end of a range without its end is just before all rows with the key, from whichever side it is come to.
  const endId = draft.endId ?? (descending === inclusiveEnd ? '' : ID_MAX);
  return {
    ...draft,
    startId,
    endId,
    start: startKey === undefined ? undefined : { key: startKey, id: startId },
    end: endKey === undefined ? undefined : { key: endKey, id: endId },
  };
}

type Besides = Pick<ViewParams, 'onError' | 'timeoutMs' | 'fullSet'>;

/** The parameters of the merge over the nodes, which may be in the body too. */
function besides(query: URLSearchParams, body: Readonly<Record<string, unknown>>): Besides {
  const onError = body['on_error'] ?? query.get('on_error') ?? 'continue';
  if (onError !== 'continue' && onError !== 'stop') {
    throw badRequest('Invalid value for the parameter `on_error`: must be `continue` or `stop`.');
  }
  const asked = query.get('connection_timeout');
  const timeout = body['connection_timeout'] ?? (asked === null ? undefined : json(asked));
  if (timeout !== undefined && timeout !== null && !Number.isInteger(timeout)) {
    throw badRequest('Query parameter `connection_timeout` must be an integer');
  }
  return {
    onError,
    timeoutMs: (timeout as number | null | undefined) ?? undefined,
    fullSet: query.get('full_set') === 'true',
  };
}

function readKeys(keys: unknown): readonly Json[] | undefined {
  if (keys === undefined || keys === null) return undefined;
  if (!Array.isArray(keys)) throw badRequest('`keys` parameter is not an array.');
  return keys;
}

function setGrouping(draft: Draft, grouping: Grouping): void {
  if (draft.type !== 'reduce') {
    throw queryParseError("Invalid URL parameter 'group' or  'group_level' for non-reduce view.");
  }
  draft.grouping = grouping;
}

function checkRange({ startKey, endKey, descending }: Draft): void {
  if (startKey === undefined || endKey === undefined) return;
  const order = compareKeys(startKey, endKey);
  if (descending ? order >= 0 : order <= 0) return;
  throw queryParseError(
    `No rows can match your key range, reverse your start_key and end_key or set descending=${!descending}`,
  );
}

function json(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`invalid UTF-8 JSON: ${JSON.stringify(text)}`);
  }
}

function boolean(text: string): boolean {
  const value = text.toLowerCase();
  if (value !== 'true' && value !== 'false')
    throw queryParseError(`Invalid boolean parameter: ${JSON.stringify(text)}`);
  return value === 'true';
}

function positiveInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw queryParseError(`Invalid value for integer parameter: ${JSON.stringify(text)}`);
  const value = Number(text);
  if (value < 0) throw queryParseError(`Invalid value for positive integer parameter: ${JSON.stringify(text)}`);
  return value;
}
