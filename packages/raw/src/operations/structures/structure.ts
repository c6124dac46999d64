import { type Frame, KeyExistsError } from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../../operation/composite.js';
import type { OperationContext } from '../../operation/context.js';
import { DURABILITY_OPTIONS, type DurabilityOptions, type PreserveExpiryOptions } from '../../operation/durability.js';
import type { Operation, OperationSpec } from '../../operation/operation.js';
import type { OperationOptions } from '../../operation/options.js';
import type { TtlOptions } from '../../operation/ttl.js';
import { type OperationResult, type Result, ValueResult } from '../../results/results.js';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import type { SubdocResult } from '../../subdoc/result.js';
import { checkBoolean, checkOptions } from '../../values/argument-checks.js';
import { lookupInSpec, lookupOperation, readLookup } from '../lookup-in.js';
import { type MutateInOptions, mutateInSpec, mutationOperation } from '../mutate-in.js';

/*
 * What the data structures share: a document that is a JSON array or object, seen as a list, set, queue or map, and
 * changed by sub-document operations (SDK RFC 0050).
 */

/** Options of what reads a data structure. */
export interface StructureReadOptions extends OperationOptions {}

/** As with `mutateIn`, a change without `ttl` removes the expiry of the document, unless `preserveExpiry`. */
export interface StructureOptions extends OperationOptions, TtlOptions, PreserveExpiryOptions, DurabilityOptions {}

/** Options of what adds to a data structure. */
export interface StructureAddOptions extends StructureOptions {
  /** Create the document when it does not exist. Default false: that is `NotFoundError`. */
  readonly create?: boolean | undefined;
}

const READ_OPTIONS = ['timeout', 'signal', 'retry'] as const;
const CHANGE_OPTIONS = [...READ_OPTIONS, 'ttl', 'preserveExpiry', ...DURABILITY_OPTIONS] as const;
const ADD_OPTIONS = [...CHANGE_OPTIONS, 'create'] as const;
/** What is asked for in the end. */
const MUTATION_OPTIONS = [...CHANGE_OPTIONS, 'cas', 'upsertDoc'] as const;

const { missing: _forSubdocResults, ...lookupSpec } = lookupInSpec;

/** A kind of lookup whose result has one value: what `pick` makes of the answer. */
export function readingSpec<T>(
  name: string,
  pick: (answer: SubdocResult, operation: Operation) => T,
): OperationSpec<ValueResult<T>> {
  return {
    ...lookupSpec,
    name,
    quiet: false,
    result(operation: Operation, frame: Frame): ValueResult<T> {
      const value = pick(readLookup(operation, frame), operation);
      return new ValueResult<T>(operation.key, 0, frame.casHigh, frame.casLow, undefined, value, 0);
    },
  };
}

/** A kind of mutation by its method's name. */
export function changingSpec(name: string): OperationSpec<OperationResult> {
  return { ...mutateInSpec, name };
}

export function reading<T>(
  context: OperationContext,
  spec: OperationSpec<ValueResult<T>>,
  key: string,
  lookup: LookupInSpec,
  options: StructureReadOptions | undefined,
): Operation<ValueResult<T>> {
  return lookupOperation(context, spec, key, [lookup], options, READ_OPTIONS);
}

function changing<R extends OperationResult>(
  context: OperationContext,
  spec: OperationSpec<R>,
  key: string,
  mutation: MutateInSpec,
  options: StructureOptions | undefined,
): Operation<R> {
  checkOptions(spec.name, options, CHANGE_OPTIONS);
  return mutationOperation(context, spec, key, [mutation], options, MUTATION_OPTIONS);
}

/** An operation on a structure, as a function of what its method takes behind the key. */
type Method<A extends unknown[], O, R extends Result> = (
  context: OperationContext,
  key: string,
  options: O | undefined,
  ...args: A
) => Operation<R>;

/** Describes a change of what is there. */
export function changeOf<A extends unknown[], R extends OperationResult>(
  spec: OperationSpec<R>,
  mutation: (...args: A) => MutateInSpec,
): Method<A, StructureOptions, R> {
  return (context, key, options, ...args) => changing(context, spec, key, mutation(...args), options);
}

/** Describes a change that `create` lets make the document too. */
export function additionOf<A extends unknown[], R extends OperationResult>(
  spec: OperationSpec<R>,
  mutation: (...args: A) => MutateInSpec,
): Method<A, StructureAddOptions, R> {
  return (context, key, options, ...args) => {
    const change = mutation(...args);
    checkOptions(spec.name, options, ADD_OPTIONS);
    const { create = false, ...rest } = options ?? {};
    const settings: MutateInOptions = checkBoolean(create, 'create') ? { ...rest, upsertDoc: true } : rest;
    return mutationOperation(context, spec, key, [change], settings, MUTATION_OPTIONS);
  };
}

/** Describes the reading of one value, of a type that the caller knows. */
export function readOf<A extends unknown[]>(
  name: string,
  lookup: (...args: A) => LookupInSpec,
): <T>(...call: Parameters<Method<A, StructureReadOptions, Result>>) => Operation<ValueResult<T>> {
  const spec = readingSpec(name, (answer) => answer.content(0));
  return <T>(...[context, key, options, ...args]: Parameters<Method<A, StructureReadOptions, Result>>) =>
    reading(context, spec, key, lookup(...args), options) as Operation<ValueResult<T>>;
}

/** Describes the counting of what is in a structure. */
export function countOf(name: string): Method<[], StructureReadOptions, ValueResult<number>> {
  return readOf(name, () => LookupInSpec.getCount(''));
}

/** A call of two steps: reading a document, and changing it when it is still as it was read. */
interface Edit<T, R> {
  readonly name: string;
  /** Makes the operation that reads. */
  read(): Operation<ValueResult<T>>;
  /** The change that follows from what was read; undefined for none. */
  change(found: T): MutateInSpec | undefined;
  /** Returns the result, from the answer to the change if there was one. */
  tell(found: ValueResult<T>, changed: OperationResult | undefined): R;
}

/** Stands for the change that is not known yet, to have the options checked. */
const ANY_CHANGE = MutateInSpec.remove('[0]');

/** Repeats the two steps until no other client changes the document between them, or until the deadline. */
export function editing<T, R>(
  context: OperationContext,
  key: string,
  options: StructureOptions | undefined,
  { name, read, change, tell }: Edit<T, R>,
): CompositeCall<R> {
  const spec = changingSpec(name);
  // Throws for misuse before anything is sent, and knows the timeout.
  const { timeoutMs } = changing(context, spec, key, ANY_CHANGE, options);
  const { signal, timeout: _forAll, ...rest } = options ?? {};
  async function attempt(steps: CompositeSteps): Promise<R> {
    const found = await steps.issue(read());
    const mutation = change(found.value);
    if (mutation === undefined) return tell(found, undefined);
    const settings = { ...rest, cas: found.cas };
    const operation = mutationOperation(context, spec, key, [mutation], settings, MUTATION_OPTIONS);
    return tell(found, await steps.issue(operation));
  }
  async function run(steps: CompositeSteps): Promise<R> {
    for (;;) {
      try {
        return await attempt(steps);
      } catch (error) {
        if (!(error instanceof KeyExistsError)) throw error;
      }
    }
  }
  return { name, key, timeoutMs, signal, run };
}
