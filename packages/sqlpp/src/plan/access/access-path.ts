import { findAggregate } from '../../aggregates/families.js';
import { findFunction } from '../../expressions/calls.js';
import { operandsOf } from '../../expressions/compiler.js';
import { OPERATOR_FUNCTIONS } from '../../expressions/operator-functions.js';
import type { KeyspaceIndex } from '../../keyspaces/index-scan.js';
import { someWithin } from '../../syntax/children.js';
import type { Expression } from '../../syntax/expression.js';
import { slotsOf } from '../names-of.js';
import { type Candidate, candidateOf, compareCandidates, type Sought } from './candidate.js';

/** How the documents of a term are found. */
export type AccessPath =
  /** One after the other, as the store has them. */
  | { readonly kind: 'scan' }
  | { readonly kind: 'index'; readonly candidate: Candidate }
  /** Each document that is in one of several indexes. */
  | { readonly kind: 'union'; readonly candidates: readonly Candidate[] };

/**
 * Chooses the index that leaves fewest documents to look at, as far as can be told without looking.
 *
 * @param hinted names of USE INDEX
 */
export function chooseIndex(
  indexes: readonly KeyspaceIndex[],
  sought: Sought,
  hinted: readonly string[] | undefined,
): AccessPath | undefined {
  const online = indexes.filter(({ state }) => state === 'online');
  const named = online.filter(({ definition }) => hinted?.includes(definition.name));
  return best(named, sought) ?? best(online, sought);
}

function best(indexes: readonly KeyspaceIndex[], sought: Sought): AccessPath | undefined {
  const [first] = candidates(indexes, sought);
  if (first !== undefined && first.width > 0) return { kind: 'index', candidate: first };
  const union = unionOf(indexes, sought);
  if (union !== undefined) return union;
  const primary = indexes.find(({ definition }) => definition.isPrimary);
  if (primary !== undefined) return wholeIndex(primary, sought);
  return first && { kind: 'index', candidate: first };
}

function candidates(indexes: readonly KeyspaceIndex[], sought: Sought): Candidate[] {
  return indexes
    .map((index) => candidateOf(index, sought))
    .filter((candidate) => candidate !== undefined)
    .sort(compareCandidates);
}

/** A primary index has all documents, whatever is sought. */
function wholeIndex(index: KeyspaceIndex, sought: Sought): AccessPath {
  const everything = { ...sought, all: [] };
  const shape = candidateOf(index, everything)?.shape;
  return { kind: 'index', candidate: { index, shape: shape ?? EMPTY, columns: [], equalities: 0, width: 0 } };
}

const EMPTY: Candidate['shape'] = { columns: [], array: undefined, conditions: [] };

/** Each side of an OR may have an index of its own. */
function unionOf(indexes: readonly KeyspaceIndex[], sought: Sought): AccessPath | undefined {
  for (const predicate of sought.all) {
    const sides = operandsOf(predicate, 'or');
    if (sides.length < 2) continue;
    const others = sought.all.filter((other) => other !== predicate);
    const found = sides.map((side) => {
      const [first] = candidates(indexes, { ...sought, all: [...operandsOf(side, 'and'), ...others] });
      return first !== undefined && first.width > 0 ? first : undefined;
    });
    if (found.every((each) => each !== undefined)) return { kind: 'union', candidates: found };
  }
  return undefined;
}

/** Tells whether an expression has one value for all documents of a term, which it does not name. */
export function isSteady(expression: Expression, unknown: ReadonlySet<number>): boolean {
  if ([...slotsOf(expression)].some((slot) => unknown.has(slot))) return false;
  return !someWithin(expression, isUnsteady);
}

function isUnsteady(expression: Expression): boolean {
  if (expression.kind === 'sequence value' || expression.kind === 'self') return true;
  if (expression.kind !== 'call') return false;
  const name = expression.path.length === 1 ? (expression.path[0] as string).toLowerCase() : '';
  if (name === 'meta' || expression.over !== undefined || findAggregate(name) !== undefined) return false;
  if (OPERATOR_FUNCTIONS.has(name)) return false;
  const spec = findFunction(name);
  return spec === undefined || spec.deterministic === false;
}
