import { constantOf } from '../../expressions/constant.js';
import { setMember } from '../../expressions/paths.js';
import type { IndexEntry } from '../../keyspaces/index-scan.js';
import type { Item } from '../../keyspaces/keyspace.js';
import type { Value } from '../../values/value.js';
import type { Candidate } from './candidate.js';
import type { IndexShape, ShapedCondition } from './index-shape.js';
import { SEQUENTIAL_SCAN } from './key-lookup.js';
import { type Path, pathFrom } from './used-paths.js';

/** Makes a document of what an index has of it. */
export type Cover = (entry: IndexEntry) => Item;

interface CoveredPath {
  readonly path: Path;
  /** Place among the keys of entries; undefined for a value that the condition of the index tells. */
  readonly at: number | undefined;
  readonly value: Value;
}

/** Returns what makes documents of entries, if these have all that is used. */
export function coverOf({ index, shape }: Candidate, used: readonly Path[]): Cover | undefined {
  // It is not known whether a document is there whose key a statement names.
  if (index.definition.name === SEQUENTIAL_SCAN) return undefined;
  const known = coveredPaths(shape);
  const isKnown = (path: Path): boolean => known.some((each) => isPrefix(each.path, path));
  if (!used.every(isKnown)) return undefined;
  const needed = known.filter(({ path }) => used.some((each) => isPrefix(path, each)));
  return ({ id, keys }) => {
    const document: Record<string, Value> = {};
    for (const { path, at, value } of needed) put(document, path, at === undefined ? value : keys[at]);
    return { id, document };
  };
}

/** Returns the paths whose values entries have, none of them inside the value of another. */
function coveredPaths({ columns, conditions }: IndexShape): CoveredPath[] {
  const ofKeys = columns.flatMap(({ path }, at): CoveredPath[] =>
    path === undefined || path.length === 0 ? [] : [{ path, at, value: undefined }],
  );
  const all = [...ofKeys, ...conditions.flatMap(constantPath)];
  return all.filter(({ path }, at) => {
    const isInside = (other: Path): boolean => other.length < path.length && isPrefix(other, path);
    const isRepeat = all.slice(0, at).some((other) => other.path.length === path.length && isPrefix(other.path, path));
    return !isRepeat && !all.some((other) => isInside(other.path));
  });
}

/** A condition that a path has a value tells the value. */
function constantPath({ value: condition, names }: ShapedCondition): CoveredPath[] {
  if (condition.kind !== 'binary' || condition.operator !== '=') return [];
  const [slot] = [...names.keys()];
  const path = slot === undefined ? undefined : pathFrom(condition.left, slot);
  const constant = constantOf(condition.right);
  const isScalar = typeof constant?.value === 'string' || typeof constant?.value === 'boolean';
  if (path === undefined || path.length === 0 || constant === undefined || !isScalar) return [];
  return [{ path, at: undefined, value: constant.value }];
}

function isPrefix(path: Path, whole: Path): boolean {
  return path.length <= whole.length && path.every((name, at) => whole[at] === name);
}

/** No path leads into another one's value, so that all objects on the way are made here. */
function put(document: Record<string, Value>, path: Path, value: Value): void {
  if (value === undefined) return;
  let object = document;
  for (let at = 0; at < path.length - 1; at++) {
    const name = path[at] as string;
    if (!Object.hasOwn(object, name)) setMember(object, name, {});
    object = object[name] as Record<string, Value>;
  }
  setMember(object, path[path.length - 1] as string, value);
}
