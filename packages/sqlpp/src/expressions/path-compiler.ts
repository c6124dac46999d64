import type { Expression } from '../syntax/expression.js';
import type { Value } from '../values/value.js';
import type { CompilerHost } from './compiler-host.js';
import { metaMember } from './meta.js';
import {
  computedFieldOf,
  elementOf,
  field,
  fieldOf,
  fieldOfAnyCase,
  flatten,
  sliceOf,
  slotField,
  starOf,
} from './paths.js';
import type { Evaluate, Row, Run } from './run.js';

type Of = (expression: Expression) => Evaluate;

/** A step of a path whose operands have been compiled. */
type StepCode = (value: Value, row: Row, run: Run) => Value;

/** Compiles a step of a path; behind `[*]` and `[]` each element takes it. */
export function compilePath(expression: Expression, host: CompilerHost, of: Of): Evaluate {
  const mapped = compileMapped(expression, of);
  if (mapped !== undefined) return mapped;
  if (expression.kind === 'field' && expression.caseInsensitive !== true) {
    const { object, name } = expression;
    if (object.kind === 'variable') return slotField(object.slot, name);
    if (object.kind === 'call') return metaMember(object, name, host) ?? field(of(object), name);
    return field(of(object), name);
  }
  const value = of(subjectOf(expression) as Expression);
  const step = stepOf(expression, of);
  return (row, run) => step(value(row, run), row, run);
}

/** Returns what a step of a path starts from. */
function subjectOf(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case 'field':
    case 'computed field':
      return expression.object;
    case 'element':
    case 'slice':
    case 'each':
      return expression.array;
    default:
      return undefined;
  }
}

function stepOf(expression: Expression, of: Of): StepCode {
  switch (expression.kind) {
    case 'field': {
      const { name, caseInsensitive } = expression;
      return caseInsensitive === true ? (value) => fieldOfAnyCase(value, name) : (value) => fieldOf(value, name);
    }
    case 'computed field': {
      const name = of(expression.name);
      const { caseInsensitive } = expression;
      return (value, row, run) => computedFieldOf(value, name(row, run), caseInsensitive);
    }
    case 'element': {
      const index = of(expression.index);
      return (value, row, run) => elementOf(value, index(row, run));
    }
    case 'slice': {
      const start = expression.start && of(expression.start);
      const end = expression.end && of(expression.end);
      return (value, row, run) =>
        sliceOf(value, start !== undefined, start?.(row, run), end !== undefined, end?.(row, run));
    }
    default:
      return (value) => value;
  }
}

/** Compiles steps behind `[*]` or `[]`, and these themselves. */
function compileMapped(expression: Expression, of: Of): Evaluate | undefined {
  const steps: StepCode[] = [];
  let at: Expression | undefined = expression;
  while (at !== undefined && at.kind !== 'each') {
    if (at !== expression && at.parenthesised === true) return undefined;
    steps.unshift(stepOf(at, of));
    at = subjectOf(at);
  }
  if (at?.kind !== 'each') return undefined;
  const { flatten: flat } = at;
  const source = of(at.array);
  return (row, run) => {
    const values = source(row, run);
    if (!Array.isArray(values)) return values === undefined ? undefined : null;
    let result = values as readonly Value[];
    if (steps.length === 0) return flat ? sliceOf(result, false, undefined, false, undefined) : starOf(result);
    for (const step of steps) result = result.map((value) => step(value, row, run));
    return flat ? flatten(result) : result;
  };
}
