import type { Placed } from '../errors/placed.js';
import { type ExcludedPath, resultOf, type TermCode } from '../execute/projecting.js';
import { setMember } from '../expressions/paths.js';
import type { Evaluate } from '../expressions/run.js';
import { typeOf } from '../expressions/type-of.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { impliedName } from '../syntax/implied-name.js';
import type { Projection, ResultTerm } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';

/** A term of a result, its names resolved. */
export interface PlannedTerm {
  readonly kind: 'star' | 'members' | 'value';
  readonly value?: Expression | undefined;
  readonly name?: string | undefined;
  /** Whether the name was written, and so can be used in ORDER BY. */
  readonly isWritten: boolean;
}

/** What a projection gives, its names resolved. */
export interface PlannedProjection {
  readonly raw?: Expression | undefined;
  readonly terms: readonly PlannedTerm[];
  readonly signature: Value;
  readonly names: readonly string[];
}

const CODE_STAR = 4210;

/**
 * Resolves the names of a projection.
 *
 * @param resolve gives an expression its meaning where it stands
 */
export function planProjection(
  { raw, terms }: Projection,
  resolve: (expression: Expression) => Expression,
  isGrouped: boolean,
  places: Placed,
): PlannedProjection {
  if (raw !== undefined) {
    const formal = resolve(raw);
    return { raw: formal, terms: [], signature: typeOf(raw), names: rawNames(raw) };
  }
  let unnamed = 0;
  const planned = terms.map((term): PlannedTerm => {
    if (term.kind === 'star') {
      if (isGrouped)
        throw new StatementError(
          CODE_STAR,
          `Expression self (near line ${places.positionAt(term.at).line}, column ${places.positionAt(term.at).column}) must depend only on group keys or aggregates.`,
          places.positionAt(term.at),
        );
      return { kind: 'star', isWritten: false };
    }
    if (term.kind === 'members') return { kind: 'members', value: resolve(term.value), isWritten: false };
    const name = term.alias ?? impliedName(term.value) ?? `$${++unnamed}`;
    return { kind: 'value', value: resolve(term.value), name, isWritten: term.alias !== undefined };
  });
  return { terms: planned, signature: signatureOf(planned, terms), names: planned.flatMap(({ name }) => name ?? []) };
}

/** A bare value has a name too, which ORDER BY behind a set operation may say; results have no member of it. */
function rawNames(raw: Expression): string[] {
  const name = impliedName(raw);
  return name === undefined ? [] : [name];
}

/** Types are those of what was written: names of groups and windows that stand for it later have none. */
function signatureOf(planned: readonly PlannedTerm[], written: readonly ResultTerm[]): Value {
  const signature: Record<string, Value> = {};
  for (const [at, { name }] of planned.entries()) {
    const term = written[at];
    if (term?.kind === 'value' && name !== undefined) setMember(signature, name, typeOf(term.value));
    else signature['*'] = '*';
  }
  return signature;
}

/** Compiles the terms of a projection to an expression that gives the whole result. */
export function compileProjection(
  { raw, terms }: PlannedProjection,
  exclude: readonly Expression[],
  scope: Scope,
  compile: (expression: Expression) => Evaluate,
): Evaluate {
  if (raw !== undefined) return compile(raw);
  const codes = terms.flatMap((term): TermCode[] => {
    const { kind, name = '', value } = term;
    if (kind === 'star' || value === undefined) return starTerms(scope);
    return [kind === 'members' ? { kind, value: compile(value) } : { kind: 'value', name, value: compile(value) }];
  });
  return resultOf(codes, exclude.flatMap(excludedPaths));
}

function starTerms(scope: Scope): TermCode[] {
  return scope.sources.map(({ name, slot }) => ({ kind: 'value', name, value: (row) => row[slot] as Value }));
}

/** A name, a path, or a string with several of them. */
function excludedPaths(expression: Expression): ExcludedPath[] {
  if (expression.parenthesised === true) return [];
  if (expression.kind === 'literal' && typeof expression.value === 'string') {
    return expression.value.split(',').map((path) =>
      path
        .trim()
        .split('.')
        .map((step) => step.replace(/^`(.*)`$/, '$1')),
    );
  }
  const path = pathOf(expression);
  return path === undefined ? [] : [path];
}

function pathOf(expression: Expression): string[] | undefined {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'field') return undefined;
  const front = pathOf(expression.object);
  return front && [...front, expression.name];
}
