import { type CouchbaseError, FeatureNotAvailableError, NotFoundError } from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions, QuietOptions } from '../operation/options.js';
import type { LookupInSpec } from '../subdoc/lookup-in-spec.js';
import { DocFlag, requirementsOf, type SubdocRequest } from '../subdoc/request.js';
import type { Contents, SubdocResult } from '../subdoc/result.js';
import { decisive, replicasOf } from './get-replica.js';
import { type LookupInOptions, lookupInSpec, lookupOperation, missingDocument } from './lookup-in.js';

/** Options of `lookupInAnyReplica`. */
export interface LookupInReplicaOptions
  extends OperationOptions,
    QuietOptions,
    Pick<LookupInOptions, 'errorsPerPath'> {}

const OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'errorsPerPath'] as const;

const anySpec: OperationSpec<SubdocResult> = { ...lookupInSpec, name: 'lookupInAnyReplica' };
const allSpec: OperationSpec<SubdocResult> = { ...lookupInSpec, name: 'lookupInAllReplicas' };

/** Makes the lookup in one copy: 0 the active one, n the n-th replica. */
type Look = (replica: number) => Operation<SubdocResult>;

/** Looks into all copies and takes the first document that comes; the other lookups are cancelled (SDK RFC 0076). */
export function lookupInAnyReplica<const S extends readonly LookupInSpec[]>(
  context: OperationContext,
  key: string,
  specs: S,
  options?: LookupInReplicaOptions,
): CompositeCall<SubdocResult<Contents<S>>> {
  return copiesCall(context, anySpec, key, specs, options, async (steps, copies, look) => {
    const operations = copies.map(look);
    try {
      return (await firstOf(operations.map((operation) => steps.issue(operation)))) as SubdocResult<Contents<S>>;
    } catch (error) {
      if (!isQuietlyMissing(context, options, error)) throw error;
      return missingDocument(operations[0]!, error) as SubdocResult<Contents<S>>;
    } finally {
      for (const operation of operations) operation.cancel();
    }
  });
}

/** Looks into all copies. */
export function lookupInAllReplicas<const S extends readonly LookupInSpec[]>(
  context: OperationContext,
  key: string,
  specs: S,
  options?: LookupInReplicaOptions,
): CompositeCall<SubdocResult<Contents<S>>[]> {
  return copiesCall(context, allSpec, key, specs, options, async (steps, copies, look) => {
    const answers = await Promise.allSettled(copies.map((replica) => steps.issue(look(replica))));
    const errors = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason as CouchbaseError] : []));
    const unavailable = errors.find((error) => error instanceof FeatureNotAvailableError);
    if (unavailable !== undefined) throw unavailable;
    const found = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const error = decisive(errors);
    if (found.length === 0 && !isQuietlyMissing(context, options, error)) throw error;
    return found as SubdocResult<Contents<S>>[];
  });
}

function copiesCall<R>(
  context: OperationContext,
  spec: OperationSpec<SubdocResult>,
  key: string,
  specs: readonly LookupInSpec[],
  options: LookupInReplicaOptions | undefined,
  run: (steps: CompositeSteps, copies: readonly number[], look: Look) => Promise<R>,
): CompositeCall<R> {
  const look: Look = (replica) => {
    const operation = lookupOperation(context, spec, key, specs, options, OPTIONS);
    operation.replica = replica;
    // The call as a whole sees to these.
    operation.quiet = false;
    operation.signal = undefined;
    if (replica === 0) return operation;
    const request: SubdocRequest = { ...(operation.argument as SubdocRequest), docFlags: DocFlag.ReplicaRead };
    operation.argument = request;
    operation.requires = requirementsOf(request);
    return operation;
  };
  const { timeoutMs } = look(0);
  return {
    name: spec.name,
    key,
    timeoutMs,
    signal: options?.signal,
    idempotent: true,
    run: (steps) => {
      const { replicas } = context;
      return run(steps, [0, ...(replicas === 0 ? [] : replicasOf(steps, key, replicas))], look);
    },
  };
}

/** The first to arrive; what the servers cannot do, and when all fail, what keeps the document from being found. */
function firstOf(asked: readonly Promise<SubdocResult>[]): Promise<SubdocResult> {
  const errors: CouchbaseError[] = [];
  return new Promise((resolve, reject) => {
    for (const each of asked) {
      each.then(resolve, (error: CouchbaseError) => {
        errors.push(error);
        if (error instanceof FeatureNotAvailableError) reject(error);
        else if (errors.length === asked.length) reject(decisive(errors));
      });
    }
  });
}

function isQuietlyMissing(
  context: OperationContext,
  options: LookupInReplicaOptions | undefined,
  error: unknown,
): error is NotFoundError {
  return (options?.quiet ?? context.quiet) && error instanceof NotFoundError;
}
