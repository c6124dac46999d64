import { ArgumentError, type Frame, Status, SubdocPathExistsError, statusError } from '@cb/protocol';
import type { CompositeCall } from '../../operation/composite.js';
import type { OperationContext } from '../../operation/context.js';
import type { Operation, OperationSpec } from '../../operation/operation.js';
import { type OperationResult, ValueResult } from '../../results/results.js';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import { elementPath } from '../../subdoc/path.js';
import type { SubdocResult } from '../../subdoc/result.js';
import { describe } from '../../values/argument-checks.js';
import { parseJson, stringifyJson } from '../../values/exact-json.js';
import { mutateInSpec, readMutation } from '../mutate-in.js';
import {
  additionOf,
  countOf,
  editing,
  reading,
  readingSpec,
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

/** Read without losing a digit, whatever the transcoder: a rounded number would be another element. */
const WHOLE_SET = LookupInSpec.getDocument({ noFormat: true });

const elementsSpec = readingSpec('setRemove', elementsOf);

export const setAdd = additionOf(addSpec, (value: SetMember) => MutateInSpec.arrayAddUnique('', checkMember(value)));

export function setRemove(
  context: OperationContext,
  key: string,
  value: SetMember,
  options?: StructureOptions,
): CompositeCall<ValueResult<boolean>> {
  const wanted = stringifyJson(checkMember(value));
  return editing(context, key, options, {
    name: 'setRemove',
    read: () => reading(context, elementsSpec, key, WHOLE_SET, undefined),
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
    elementsOf(answer, operation).some((element) => stringifyJson(element) === wanted),
  );
  return reading(context, spec, key, WHOLE_SET, options);
}

export const setSize = countOf('setSize');

/** What happened, with the CAS and the token of the answer that decided it. */
function outcome(key: string, value: boolean, answer?: OperationResult): ValueResult<boolean> {
  const cas = answer?.cas ?? 0n;
  return new ValueResult(key, 0, Number(cas >> 32n), Number(cas & 0xffffffffn), answer?.mutationToken, value, 0);
}

function elementsOf(answer: SubdocResult, operation: Operation): readonly unknown[] {
  const document = jsonIn(answer.content(0) as Buffer, operation);
  if (Array.isArray(document)) return document;
  throw statusError(Status.SubdocPathMismatch, { ...operation.details(), path: '', index: 0 });
}

function jsonIn(bytes: Buffer, operation: Operation): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch (cause) {
    throw statusError(Status.SubdocDocNotJson, { ...operation.details(), path: '', index: 0, cause });
  }
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
