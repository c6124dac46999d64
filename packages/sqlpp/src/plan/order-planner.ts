import type { SortCode } from '../execute/sorting.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';
import type { OrderTerm } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import type { SortTerm } from '../values/sort-order.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';

const CODE_DIRECTION = 3291;
const CODE_WARNING = 5010;

/** A direction or a place of NULLs as it is known when the statement runs. */
type Choice = (outer: Row, run: Run) => string | undefined;

/** Compiles the directions of ORDER BY. They may be parameters. */
export function planTerms(
  planner: Planner,
  terms: readonly OrderTerm[],
  scope: Scope,
): (outer: Row, run: Run) => readonly SortTerm[] {
  const planned = terms.map(({ direction, nulls }) => ({
    direction: planChoice(planner, direction, scope, ['asc', 'desc'], 'ORDER BY direction'),
    nulls: planChoice(planner, nulls, scope, ['first', 'last'], 'NULLS position'),
  }));
  return (outer, run) =>
    planned.map(({ direction, nulls }) => {
      const place = nulls(outer, run);
      const known = place === 'first' || place === 'last' ? place : undefined;
      return { descending: direction(outer, run) === 'desc', nulls: known };
    });
}

function planChoice(
  planner: Planner,
  choice: string | Expression | undefined,
  scope: Scope,
  allowed: readonly string[],
  what: string,
): Choice {
  if (typeof choice !== 'object') return () => choice;
  const formal = planner.formalise(choice, scope, CLAUSES.orderBy);
  if (formal.kind !== 'parameter' && !(formal.kind === 'variable' && formal.origin === 'parameter')) {
    const shown = expressionText(formal);
    const message = `${what} '${shown}' is not a valid constant, named, positional or function parameter.`;
    throw new StatementError(CODE_DIRECTION, message);
  }
  const value = planner.compile(formal, scope);
  return (outer, run) => chosen(value, outer, run, allowed);
}

function chosen(value: Evaluate, outer: Row, run: Run, allowed: readonly string[]): string | undefined {
  try {
    const given = value(outer, run);
    const lower = typeof given === 'string' ? given.toLowerCase() : undefined;
    return lower !== undefined && allowed.includes(lower) ? lower : undefined;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    run.warn(CODE_WARNING, `Error evaluating sort order - cause: ${error.message}`);
    return undefined;
  }
}

/** Returns how many rows have to be kept for OFFSET and LIMIT. */
export function wantedRows(limit: Evaluate | undefined, offset: Evaluate | undefined): SortCode['wanted'] {
  if (limit === undefined) return () => Infinity;
  return (outer, run) => Math.max(0, Number(limit(outer, run))) + Math.max(0, Number(offset?.(outer, run) ?? 0));
}
