import { ArgumentError, type Frame, type FrameWriter, Opcode, Status } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import {
  DURABILITY_OPTIONS,
  type DurabilityOptions,
  type PreserveExpiryOptions,
  setDurability,
  setPreserveExpiry,
} from '../operation/durability.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import { type CasOptions, checkCas, type OperationOptions, setCas } from '../operation/options.js';
import { mutationToken } from '../operation/read.js';
import { checkTtl, type TtlOptions } from '../operation/ttl.js';
import { checkPartsBytes } from '../operation/value-limits.js';
import type { Result } from '../results/results.js';
import { readMutationFailure, readMutations } from '../subdoc/answer.js';
import { MutateInSpec } from '../subdoc/mutate-in-spec.js';
import { DocFlag, requirementsOf, type SubdocRequest, subdocRequest, writeSpecs } from '../subdoc/request.js';
import { type Contents, SubdocResult } from '../subdoc/result.js';
import { checkBoolean } from '../values/argument-checks.js';

/**
 * A mutation without `ttl` removes the expiry of the document, as one of a whole document does; `preserveExpiry` keeps
 * it. `cas` means nothing when `upsertDoc` creates the document: the server does not compare it then.
 */
export interface MutateInOptions
  extends OperationOptions,
    TtlOptions,
    CasOptions,
    PreserveExpiryOptions,
    DurabilityOptions {
  /** Create the document, which must not exist (`DocumentExistsError`); parents on paths too. Default false. */
  readonly insertDoc?: boolean | undefined;
  /** Create the document when it does not exist; parents on paths too. Default false. */
  readonly upsertDoc?: boolean | undefined;
  /** A document that is created is deleted from the beginning: it has attributes only. Default false. */
  readonly createAsDeleted?: boolean | undefined;
  /** Also write to what is left of a deleted document, which takes attributes only. Default false. */
  readonly accessDeleted?: boolean | undefined;
  /** Make a deleted document one that exists (`SubdocDeletedDocumentError` when it does). Implies `accessDeleted`. Default false. */
  readonly revive?: boolean | undefined;
}

const DOCUMENT_OPTIONS = {
  insertDoc: DocFlag.Insert,
  upsertDoc: DocFlag.Upsert,
  createAsDeleted: DocFlag.CreateAsDeleted,
  accessDeleted: DocFlag.AccessDeleted,
  revive: DocFlag.Revive | DocFlag.AccessDeleted,
} as const;

const DOCUMENT_OPTION_NAMES = Object.keys(DOCUMENT_OPTIONS) as (keyof typeof DOCUMENT_OPTIONS)[];
const MUTATION_OPTIONS = ['timeout', 'signal', 'retry', 'ttl', 'cas', 'preserveExpiry', ...DURABILITY_OPTIONS] as const;
const OPTIONS = [...MUTATION_OPTIONS, ...DOCUMENT_OPTION_NAMES] as const;

export const mutateInSpec = {
  name: 'mutateIn',
  opcode: Opcode.SubdocMultiMutation,
  idempotent: false,
  route: 'key',
  quiet: false,
  isInsert: (operation: Operation): boolean => ((operation.argument as SubdocRequest).docFlags & DocFlag.Insert) !== 0,
  accepts: (status) =>
    status === Status.SubdocMultiPathFailure ||
    status === Status.SubdocSuccessDeleted ||
    status === Status.SubdocMultiPathFailureDeleted,
  extras(operation: Operation, writer: FrameWriter): void {
    const { docFlags } = operation.argument as SubdocRequest;
    if (operation.expiry !== 0) writer.u32(operation.expiry);
    if (docFlags !== 0) writer.u8(docFlags);
  },
  value(operation: Operation, writer: FrameWriter): void {
    writeSpecs(operation.argument as SubdocRequest, writer);
  },
  result: readMutation,
} satisfies OperationSpec<SubdocResult>;

/** Changes a document: all of the operations, in their order, or none. */
export function mutateIn<const S extends readonly MutateInSpec[]>(
  context: OperationContext,
  key: string,
  specs: S,
  options?: MutateInOptions,
): Operation<SubdocResult<Contents<S>>> {
  const operation = mutationOperation(context, mutateInSpec, key, specs, options, OPTIONS);
  return operation as unknown as Operation<SubdocResult<Contents<S>>>;
}

/** The same for any kind of operation that is a mutation on the wire. */
export function mutationOperation<R extends Result>(
  context: OperationContext,
  spec: OperationSpec<R>,
  key: string,
  specs: readonly MutateInSpec[],
  options: MutateInOptions | undefined,
  known: readonly string[],
): Operation<R> {
  const operation = keyedOperation(context, spec, key, options, known);
  const docFlags = options === undefined ? 0 : documentFlags(options);
  const request = subdocRequest(spec.name, specs, (each) => each instanceof MutateInSpec, docFlags);
  operation.argument = request;
  checkPartsBytes(
    operation,
    specs.map(({ path, payload }) => [path, payload] as const),
  );
  operation.valueBytes = specs.reduce((sum, { payload }) => sum + payload.length, 0);
  operation.requires = requirementsOf(request);
  if (options !== undefined) {
    operation.expiry = checkTtl(options.ttl);
    setCas(operation, options);
    setDurability(operation, context, options);
    setPreserveExpiry(operation, options.preserveExpiry);
  }
  return operation;
}

/** Reads the answer to a mutation; when an operation failed, none was carried out, and its error is thrown. */
export function readMutation(operation: Operation, frame: Frame): SubdocResult {
  const request = operation.argument as SubdocRequest;
  const { status, casHigh, casLow } = frame;
  const deleted = status === Status.SubdocSuccessDeleted;
  if (status !== Status.Success && !deleted) throw readMutationFailure(operation, request, frame);
  const entries = readMutations(operation, request, frame);
  const token = mutationToken(operation, frame);
  return new SubdocResult(operation.key, 0, entries, { casHigh, casLow, token, deleted });
}

/** @throws ArgumentError for options that exclude each other. */
function documentFlags(options: MutateInOptions): number {
  let flags = 0;
  for (const name of DOCUMENT_OPTION_NAMES) {
    if (options[name] !== undefined && checkBoolean(options[name], name)) flags |= DOCUMENT_OPTIONS[name];
  }
  if ((flags & DocFlag.Insert) !== 0 && (flags & DocFlag.Upsert) !== 0) {
    throw new ArgumentError('mutateIn takes either insertDoc or upsertDoc');
  }
  if ((flags & DocFlag.Insert) !== 0 && options.cas !== undefined && checkCas(options.cas) !== 0n) {
    throw new ArgumentError('mutateIn takes no cas with insertDoc: the document must not exist');
  }
  if ((flags & DocFlag.Revive) !== 0 && (flags & DocFlag.CreateAsDeleted) !== 0) {
    throw new ArgumentError('mutateIn takes either revive or createAsDeleted');
  }
  return flags;
}
