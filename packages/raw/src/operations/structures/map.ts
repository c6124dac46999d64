import { ArgumentError } from '@cb/protocol';
import type { OperationContext } from '../../operation/context.js';
import type { Operation } from '../../operation/operation.js';
import type { OperationResult, ValueResult } from '../../results/results.js';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import { subdocPath } from '../../subdoc/path.js';
import { describe } from '../../values/argument-checks.js';
import {
  adding,
  changing,
  changingSpec,
  reading,
  readingSpec,
  type StructureAddOptions,
  type StructureOptions,
  type StructureReadOptions,
} from './structure.js';

const addSpec = changingSpec('mapAdd');
const removeSpec = changingSpec('mapRemove');
const getSpec = readingSpec('mapGet', (answer) => answer.content(0));
const sizeSpec = readingSpec('mapSize', (answer) => answer.content(0) as number);

export function mapAdd(
  context: OperationContext,
  key: string,
  mapKey: string,
  value: unknown,
  options?: StructureAddOptions,
): Operation<OperationResult> {
  return adding(context, addSpec, key, MutateInSpec.upsert(memberPath(mapKey), value), options);
}

export function mapGet<T>(
  context: OperationContext,
  key: string,
  mapKey: string,
  options?: StructureReadOptions,
): Operation<ValueResult<T>> {
  const operation = reading(context, getSpec, key, LookupInSpec.get(memberPath(mapKey)), options);
  return operation as Operation<ValueResult<T>>;
}

export function mapRemove(
  context: OperationContext,
  key: string,
  mapKey: string,
  options?: StructureOptions,
): Operation<OperationResult> {
  return changing(context, removeSpec, key, MutateInSpec.remove(memberPath(mapKey)), options);
}

export function mapSize(
  context: OperationContext,
  key: string,
  options?: StructureReadOptions,
): Operation<ValueResult<number>> {
  return reading(context, sizeSpec, key, LookupInSpec.getCount(''), options);
}

/** A key of a map is one name, whatever it looks like. */
function memberPath(mapKey: unknown): string {
  if (typeof mapKey === 'string' && mapKey !== '') return subdocPath(mapKey);
  throw new ArgumentError(`the key in a map is a string that is not empty, not ${describe(mapKey)}`);
}
