import { type CouchbaseError, type Frame, type FrameWriter, Opcode, Status } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions, QuietOptions } from '../operation/options.js';
import type { Result } from '../results/results.js';
import { readLookups } from '../subdoc/answer.js';
import { LookupInSpec } from '../subdoc/lookup-in-spec.js';
import {
  DocFlag,
  isSameLookup,
  requirementsOf,
  type SubdocRequest,
  subdocRequest,
  writeSpecs,
} from '../subdoc/request.js';
import { type Contents, RC_MULTI_FAILURE, SubdocEntry, SubdocResult } from '../subdoc/result.js';
import { checkBoolean } from '../values/argument-checks.js';

/** Options of `lookupIn`. */
export interface LookupInOptions extends OperationOptions, QuietOptions {
  /** Also read what is left of a deleted document: attributes of the system, and `$document`. Default false. */
  readonly accessDeleted?: boolean | undefined;
  /**
   * Every path has its own outcome: whatever keeps one from being read (a path through a value of another type, a document
   * that is not JSON) is the `error` of its entry, as in the official SDKs. By default only a path that is not found is, and
   * the first of other failures is that of the call. Default false.
   */
  readonly errorsPerPath?: boolean | undefined;
}

const OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'accessDeleted', 'errorsPerPath'] as const;

export const lookupInSpec: OperationSpec<SubdocResult> = {
  name: 'lookupIn',
  opcode: Opcode.SubdocMultiLookup,
  idempotent: true,
  route: 'key',
  quiet: true,
  isSameRequest: (one, other) => isSameLookup(one.argument as SubdocRequest, other.argument as SubdocRequest),
  accepts: (status) =>
    status === Status.SubdocMultiPathFailure ||
    status === Status.SubdocSuccessDeleted ||
    status === Status.SubdocMultiPathFailureDeleted,
  extras(operation: Operation, writer: FrameWriter): void {
    const { docFlags } = operation.argument as SubdocRequest;
    if (docFlags !== 0) writer.u8(docFlags);
  },
  value(operation: Operation, writer: FrameWriter): void {
    writeSpecs(operation.argument as SubdocRequest, writer);
  },
  result: readLookup,
  missing: missingDocument,
};

/** Looks into a document; the operations are carried out on one state of it. */
export function lookupIn<const S extends readonly LookupInSpec[]>(
  context: OperationContext,
  key: string,
  specs: S,
  options?: LookupInOptions,
): Operation<SubdocResult<Contents<S>>> {
  const operation = lookupOperation(context, lookupInSpec, key, specs, options, OPTIONS);
  return operation as unknown as Operation<SubdocResult<Contents<S>>>;
}

/** The same for any kind of operation that is a lookup on the wire. */
export function lookupOperation<R extends Result>(
  context: OperationContext,
  spec: OperationSpec<R>,
  key: string,
  specs: readonly LookupInSpec[],
  options: LookupInOptions | undefined,
  known: readonly string[],
): Operation<R> {
  const operation = keyedOperation(context, spec, key, options, known);
  const accessDeleted = checkBoolean(options?.accessDeleted ?? false, 'accessDeleted');
  const docFlags = accessDeleted ? DocFlag.AccessDeleted : 0;
  const errorsPerPath = checkBoolean(options?.errorsPerPath ?? false, 'errorsPerPath');
  const checked = subdocRequest(spec.name, specs, (each) => each instanceof LookupInSpec, docFlags);
  const request: SubdocRequest = { ...checked, errorsPerPath };
  operation.argument = request;
  operation.requires = requirementsOf(request);
  return operation;
}

/**
 * Reads the answer to a lookup. A path that is not found is part of the result; the first other failure is the error of
 * the operation, with the result.
 */
export function readLookup(operation: Operation, frame: Frame): SubdocResult {
  const { status, casHigh, casLow } = frame;
  const request = operation.argument as SubdocRequest;
  const entries = readLookups(operation, request, frame);
  const facts = {
    casHigh,
    casLow,
    deleted: status === Status.SubdocSuccessDeleted || status === Status.SubdocMultiPathFailureDeleted,
    isReplica: operation.replica > 0,
  };
  const failed = entries.filter(({ success }) => !success);
  const decisive = request.errorsPerPath === true ? undefined : failed.find((entry) => !isMissing(entry));
  const error = decisive?.error;
  const rc = decisive?.rc ?? (failed.length === 0 ? 0 : RC_MULTI_FAILURE);
  const result = new SubdocResult(operation.key, rc, entries, facts);
  if (error === undefined) return result;
  operation.result = result;
  throw error;
}

function isMissing({ status }: SubdocEntry): boolean {
  return status === Status.SubdocPathNotFound;
}

/** With `quiet`: the document is missing, so that nothing is found in it. */
export function missingDocument(operation: Operation, error: CouchbaseError): SubdocResult {
  const { specs } = operation.argument as SubdocRequest;
  const details = operation.details();
  const entries = specs.map(({ path }) => new SubdocEntry(path, Status.KeyNotFound, undefined, details));
  return new SubdocResult(operation.key, error.rc, entries, { isReplica: operation.replica > 0 });
}
