import type { OperationContext } from '../../operation/context.js';
import type { Operation } from '../../operation/operation.js';
import type { OperationResult, ValueResult } from '../../results/results.js';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import { elementPath } from '../../subdoc/path.js';
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

const appendSpec = changingSpec('listAppend');
const prependSpec = changingSpec('listPrepend');
const setSpec = changingSpec('listSet');
const removeSpec = changingSpec('listRemove');
const getSpec = readingSpec('listGet', (answer) => answer.content(0));
const sizeSpec = readingSpec('listSize', (answer) => answer.content(0) as number);

export function listAppend(
  context: OperationContext,
  key: string,
  value: unknown,
  options?: StructureAddOptions,
): Operation<OperationResult> {
  return adding(context, appendSpec, key, MutateInSpec.arrayAppend('', [value]), options);
}

export function listPrepend(
  context: OperationContext,
  key: string,
  value: unknown,
  options?: StructureAddOptions,
): Operation<OperationResult> {
  return adding(context, prependSpec, key, MutateInSpec.arrayPrepend('', [value]), options);
}

export function listSet(
  context: OperationContext,
  key: string,
  index: number,
  value: unknown,
  options?: StructureOptions,
): Operation<OperationResult> {
  return changing(context, setSpec, key, MutateInSpec.replace(elementPath(index), value), options);
}

export function listGet<T>(
  context: OperationContext,
  key: string,
  index: number,
  options?: StructureReadOptions,
): Operation<ValueResult<T>> {
  const operation = reading(context, getSpec, key, LookupInSpec.get(elementPath(index)), options);
  return operation as Operation<ValueResult<T>>;
}

export function listRemove(
  context: OperationContext,
  key: string,
  index: number,
  options?: StructureOptions,
): Operation<OperationResult> {
  return changing(context, removeSpec, key, MutateInSpec.remove(elementPath(index)), options);
}

export function listSize(
  context: OperationContext,
  key: string,
  options?: StructureReadOptions,
): Operation<ValueResult<number>> {
  return reading(context, sizeSpec, key, LookupInSpec.getCount(''), options);
}
