import { faultReason } from '../definitions/fault-reason.js';
import { SEQUENCE_MAX, SEQUENCE_MIN } from '../definitions/sequence.js';
import { sequenceFault } from '../definitions/sequence-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { SequenceCatalog, SequenceName } from '../keyspaces/sequence-catalog.js';
import type { ChangeSequence, SequenceOptions } from '../syntax/definition.js';
import type { Expression, SequenceValue } from '../syntax/expression.js';
import { StatementError } from '../text/syntax-error.js';
import { fromInteger } from '../values/numbers.js';
import type { ObjectValue, Value } from '../values/value.js';
import { compileOption, compileWith, type DefinitionPlan, effectPlan } from './definition-plan.js';
import type { Planner } from './planning.js';
import { nameFault } from './refusal.js';

const CODE_NOT_FOUND = 19106;
const CODE_EXISTS = 19108;
const CODE_SMALL_CACHE = 19115;
const CODE_NO_PREVIOUS = 19118;
const CODE_CREDENTIALS = 13014;

/** A cache of fewer values is warned of. */
const CACHE_ADVISED = 10;

/** Plans CREATE, ALTER and DROP SEQUENCE. */
export function planChangeSequence(
  planner: Planner,
  sequences: SequenceCatalog,
  statement: ChangeSequence,
): DefinitionPlan {
  const fault = nameFault(statement, planner, planner.context !== undefined);
  if (fault !== undefined) throw fault;
  const { kind, lenient, path, options } = statement;
  const name = sequenceName(planner, path.namespace, path.parts);
  if (name === undefined) throw sequenceFault('invalid_name', pathText(path.namespace, path.parts));
  if (kind === 'drop sequence') return effectPlan(() => tolerate(lenient, CODE_NOT_FOUND, () => sequences.drop(name)));
  const read = compileOptions(planner, options);
  return effectPlan((run) => {
    const given = read(run);
    if (kind === 'create sequence') tolerate(lenient, CODE_EXISTS, () => sequences.create(name, given));
    else sequences.alter(name, given);
    const { cache } = given;
    if (typeof cache !== 'number' || cache >= CACHE_ADVISED) return;
    run.warn(CODE_SMALL_CACHE, `Cache size (${cache}) below recommended minimum`);
  });
}

/** IF EXISTS and IF NOT EXISTS. */
function tolerate(lenient: boolean, code: number, effect: () => void): void {
  try {
    effect();
  } catch (error) {
    if (!lenient || !(error instanceof StatementError) || error.code !== code) throw error;
  }
}

/** A sequence is one of a scope: a name of one part is one of that of the request. */
function sequenceName({ context }: Planner, namespace = 'default', parts: readonly string[]): SequenceName | undefined {
  const [first = '', second, third] = parts;
  if (parts.length > 3) return undefined;
  if (third !== undefined) return { namespace, bucket: first, scope: second as string, name: third };
  if (context === undefined) return undefined;
  const { bucket, scope } = context;
  return second === undefined
    ? { namespace, bucket, scope, name: first }
    : { namespace, bucket, scope: first, name: second };
}

function pathText(namespace = 'default', parts: readonly string[]): string {
  return `${namespace}:${parts.join('.')}`;
}

/** Options in words are the same as those of WITH. */
function compileOptions(planner: Planner, options: SequenceOptions): (run: Run) => ObjectValue {
  const { start, restart, increment, maximum, minimum, cache, cycle } = options;
  const given = compileWith(planner, options.with);
  const written: (readonly [name: string, value: (run: Run) => Value])[] = [];
  const add = (name: string, value: Expression | Value, none?: Value): void => {
    if (value === undefined) return;
    if (value === null) written.push([name, () => none]);
    else if (isExpression(value)) written.push([name, compileOption(planner, value)]);
    else written.push([name, () => value]);
  };
  add('start', start);
  add('restart', restart);
  add('increment', increment);
  add('max', maximum, SEQUENCE_MAX);
  add('min', minimum, SEQUENCE_MIN);
  add('cache', cache, 1);
  add('cycle', cycle);
  return (run) => ({ ...given(run), ...Object.fromEntries(written.map(([name, value]) => [name, value(run)])) });
}

function isExpression(value: Expression | Value): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && 'at' in value;
}

/** Values that were drawn for a row: each sequence gives one for a row, wherever it is named. */
export type DrawnValues = WeakMap<Row, Map<string, bigint>>;

/** Compiles NEXTVAL FOR and PREVVAL FOR. */
export function compileSequenceValue(
  planner: Planner,
  sequences: SequenceCatalog,
  { which, namespace, path, at }: SequenceValue,
  drawn: DrawnValues,
): Evaluate {
  const name = sequenceName(planner, namespace, path);
  if (name === undefined) {
    const { code, message } = sequenceFault('name_parts', pathText(namespace, path));
    throw planner.placed(code, message, at);
  }
  const key = JSON.stringify(name);
  return (row, run) => {
    const known = drawn.get(row)?.get(key);
    if (run.isReadonly) throw evaluationFault(sequenceFault('read_only', ''));
    if (known !== undefined) return fromInteger(known);
    if (which === 'previous') return previousOf(sequences, name, run);
    const value = evaluated(() => sequences.next(name));
    const values = drawn.get(row) ?? new Map<string, bigint>();
    drawn.set(row, values.set(key, value));
    return fromInteger(value);
  };
}

function previousOf(sequences: SequenceCatalog, name: SequenceName, run: Run): Value {
  const value = evaluated(() => sequences.previous(name));
  if (value !== undefined) return fromInteger(value);
  run.warn(CODE_NO_PREVIOUS, 'Sequence previous value cannot be accessed before next value generation.');
  return undefined;
}

/** What is wrong with a sequence is the cause of an error of the clause that names it. */
function evaluated<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof StatementError && error.code !== CODE_CREDENTIALS ? evaluationFault(error) : error;
  }
}

function evaluationFault(error: StatementError): EvaluationError {
  return new EvaluationError(error.message, undefined, faultReason(error));
}
