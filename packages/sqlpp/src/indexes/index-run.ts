import type { CompilerHost } from '../expressions/compiler-host.js';
import type { Evaluate, Run } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { FormaliserHost } from '../names/formaliser.js';
import type { Value } from '../values/value.js';

function refuse(): never {
  throw new EvaluationError('An index depends on its document only.');
}

/** What keys of indexes may ask for: they depend on their document only. */
export const INDEX_RUN: Run = {
  startedAtMs: 0,
  zone: 'UTC',
  remainingMs: Infinity,
  isReadonly: true,
  results: new Map(),
  clockMs: () => 0,
  random: refuse,
  warn: () => undefined,
  parameter: () => undefined,
  check: () => undefined,
  pace: () => undefined,
  hold: () => undefined,
  countSorted: () => undefined,
  missingKey: refuse,
};

/** Compiles keys of indexes, whose names have been checked when the index was created. */
export const INDEX_HOST: CompilerHost & FormaliserHost = {
  subquery: refuse,
  subqueryExists: refuse,
  self: (): Evaluate => (row) => row[0] as Value,
  parameter: refuse,
  call: refuse,
  sequenceValue: refuse,
  keyspaceOf: () => undefined,
  planSubquery: refuse,
  checkCall: () => undefined,
  placed: refuse,
  positionAt: refuse,
};
