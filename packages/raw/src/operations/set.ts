import { ArgumentError, type Frame, Status, SubdocPathExistsError, statusError } from '@cb/protocol';
import type { CompositeCall } from '../composite.js';
import { stringifyJson } from '../exact-json.js';
import type { Operation, OperationSpec } from '../operation.js';
import { type OperationResult, ValueResult } from '../results.js';
import { LookupInSpec } from '../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../subdoc/mutate-in-spec.js';
import { elementPath } from '../subdoc/path.js';
import type { OperationContext } from './context.js';
import { mutateInSpec, readMutation } from './mutate-in.js';
import { describe } from './options.js';
import {
  adding,
  editing,
  reading,
  readingSpec,
  type StructureAddOptions,
  type StructureOptions,
  type StructureReadOptions,
} from './structure.js';

/** What a set can have: the server compares these, and nothing else. */
export type SetMember = string | number | bigint | boolean | null;

const addSpec: OperationSpec<ValueResult<boolean>> = {
  ...mutateInSpec,
  name: 'setAdd',
  result(operation: Operation, frame: Frame): ValueResult<boolean> {
    try {
      return outcome(operation.key, true, readMutation(operation, frame));
    } catch (error) {
      if (error instanceof SubdocPathExistsError) return outcome(operation.key, false);
      throw error;
    }
  },
};

const elementsSpec = readingSpec('setRemove', (answer, operation) => elementsOf(answer.content(0), operation));
const sizeSpec = readingSpec('setSize', (answer) => answer.content(0) as number);

export function setAdd(
  context: OperationContext,
  key: string,
  value: SetMember,
  options?: StructureAddOptions,
): Operation<ValueResult<boolean>> {
  return adding(context, addSpec, key, MutateInSpec.arrayAddUnique('', checkMember(value)), options);
}

export function setRemove(
  context: OperationContext,
  key: string,
  value: SetMember,
  options?: StructureOptions,
): CompositeCall<ValueResult<boolean>> {
  const wanted = stringifyJson(checkMember(value));
  return editing(context, key, options, {
    name: 'setRemove',
    read: () => reading(context, elementsSpec, key, LookupInSpec.getDocument(), undefined),
    change(elements) {
      const index = elements.findIndex((element) => stringifyJson(element) === wanted);
      return index === -1 ? undefined : MutateInSpec.remove(elementPath(index));
    },
    tell: (found, changed) => outcome(key, changed !== undefined, changed ?? found),
  });
}

export function setContains(
  context: OperationContext,
  key: string,
  value: SetMember,
  options?: StructureReadOptions,
): Operation<ValueResult<boolean>> {
  const wanted = stringifyJson(checkMember(value));
  const spec = readingSpec('setContains', (answer, operation) =>
    elementsOf(answer.content(0), operation).some((element) => stringifyJson(element) === wanted),
  );
  return reading(context, spec, key, LookupInSpec.getDocument(), options);
}

export function setSize(
  context: OperationContext,
  key: string,
  options?: StructureReadOptions,
): Operation<ValueResult<number>> {
  return reading(context, sizeSpec, key, LookupInSpec.getCount(''), options);
}

/** What happened, with the CAS and the token of the answer that decided it. */
function outcome(key: string, value: boolean, answer?: OperationResult): ValueResult<boolean> {
  const cas = answer?.cas ?? 0n;
  return new ValueResult(key, 0, Number(cas >> 32n), Number(cas & 0xffffffffn), answer?.mutationToken, value, 0);
}

function elementsOf(document: unknown, operation: Operation): readonly unknown[] {
  if (Array.isArray(document)) return document;
  throw statusError(Status.SubdocPathMismatch, { ...operation.details(), path: '', index: 0 });
}

function checkMember(value: unknown): SetMember {
  switch (typeof value) {
    case 'string':
    case 'bigint':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    default:
      if (value === null) return value;
  }
  throw new ArgumentError(`a set has strings, finite numbers, booleans and null, not ${describe(value)}`);
}
