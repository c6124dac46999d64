import { createHash } from 'node:crypto';
import { ArgumentError } from '@cb/protocol';

/** The reason for refusing a design document. The words are the server's: couchbase/couchdb, couch_set_view_mapreduce.erl. */
export class InvalidDesignDocument extends ArgumentError {}

/** A view as its design document defines it. */
export interface ViewDefinition {
  /** The map function, as text. */
  readonly map: string;
  /** The name of a built-in function, or the text of one; undefined for a view that is not reduced. */
  readonly reduce: string | undefined;
}

const BUILT_IN = new Set(['_count', '_sum', '_stats']);

/** Whether the reduce function is the server's own: their names begin with an underscore. */
export function isBuiltIn(reduce: string): boolean {
  return reduce.startsWith('_');
}

/**
 * The views of a design document, by name.
 * @throws InvalidDesignDocument for anything that is not shaped as one. Whether functions compile is not looked at.
 */
export function readViews(body: unknown): Map<string, ViewDefinition> {
  if (!isObject(body)) throw new InvalidDesignDocument('Content is not json.');
  const views = body['views'] ?? {};
  if (!isObject(views)) throw new InvalidDesignDocument("The field `views' is not a json object.");
  return new Map(Object.entries(views).map(([name, view]) => [name, readView(name, view)]));
}

/** A reduce function, and whose rows it reduces. */
export interface ReduceFunction {
  /** The index of the map function. */
  readonly map: number;
  readonly source: string;
}

/** The different functions of some views, in an order that does not depend on that of the views. */
export interface DesignFunctions {
  readonly maps: readonly string[];
  readonly reduces: readonly ReduceFunction[];
}

/** Stands for all that an index depends on: designs with the same functions share theirs. */
export function signatureOf(functions: DesignFunctions): string {
  return createHash('sha256').update(JSON.stringify(functions)).digest('hex');
}

export function functionsOf(views: ReadonlyMap<string, ViewDefinition>): DesignFunctions {
  const maps = [...new Set([...views.values()].map(({ map }) => map))].sort();
  const reduces = maps.flatMap((map, index) => {
    const sources = [...views.values()].flatMap((view) => (view.map === map ? (view.reduce ?? []) : []));
    return [...new Set(sources)].sort().map((source) => ({ map: index, source }));
  });
  return { maps, reduces };
}

function readView(name: string, view: unknown): ViewDefinition {
  if (name === '') throw new InvalidDesignDocument('View name cannot be an empty string');
  if (!isObject(view)) throw new InvalidDesignDocument(`Value for view \`${name}' is not a json object.`);
  if (/^[ \t\r\n]|[ \t\r\n]$/.test(name)) {
    throw new InvalidDesignDocument(`View name \`${name}\` cannot have leading or trailing whitespace`);
  }
  const { map, reduce } = view;
  if (map === undefined) throw new InvalidDesignDocument(`The \`map' field for the view \`${name}' is missing.`);
  if (typeof map !== 'string') {
    throw new InvalidDesignDocument(`The \`map' field of the view \`${name}' is not a json string.`);
  }
  if (reduce === undefined) return { map, reduce };
  if (typeof reduce !== 'string') {
    throw new InvalidDesignDocument(`The \`reduce' field of the view \`${name}' is not a json string.`);
  }
  if (isBuiltIn(reduce) && !BUILT_IN.has(reduce)) {
    throw new InvalidDesignDocument(`Invalid built-in reduce function for view \`${name}': ${reduce}`);
  }
  return { map, reduce };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
