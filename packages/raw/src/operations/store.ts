import { types } from 'node:util';
import { ArgumentError, Datatype, type FrameWriter, Opcode, TooBigError, ValueFormatError } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import {
  DURABILITY_OPTIONS,
  type DurabilityOptions,
  type PreserveExpiryOptions,
  setDurability,
  setPreserveExpiry,
} from '../operation/durability.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import { type CasOptions, type FormatOptions, type OperationOptions, setCas } from '../operation/options.js';
import { operationResult } from '../operation/read.js';
import { checkTtl, type TtlOptions } from '../operation/ttl.js';
import { checkValueBytes } from '../operation/value-limits.js';
import type { OperationResult } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import { FMT_BYTES, FMT_UTF8, type Format } from '../values/transcoder.js';

/** Options of `insert`. */
export interface InsertOptions extends OperationOptions, TtlOptions, FormatOptions, DurabilityOptions {}
/** Options of `upsert`. */
export interface UpsertOptions extends InsertOptions, CasOptions, PreserveExpiryOptions {}
/** Options of `replace`. */
export interface ReplaceOptions extends InsertOptions, CasOptions, PreserveExpiryOptions {}
/** `format` is FMT_UTF8 (for strings, the default) or FMT_BYTES; the flags and the expiry of the document stay. */
export interface AppendOptions extends OperationOptions, FormatOptions, CasOptions, DurabilityOptions {}

const INSERT_OPTIONS = ['timeout', 'signal', 'retry', 'ttl', 'format', ...DURABILITY_OPTIONS] as const;
const STORE_OPTIONS = [...INSERT_OPTIONS, 'cas', 'preserveExpiry'] as const;
const APPEND_OPTIONS = ['timeout', 'signal', 'retry', 'format', 'cas', ...DURABILITY_OPTIONS] as const;

function storeSpec(name: string, opcode: number): OperationSpec<OperationResult> {
  return {
    name,
    opcode,
    idempotent: false,
    route: 'key',
    quiet: false,
    extras: writeFlagsAndExpiry,
    compresses: true,
    result: operationResult,
  };
}

function concatSpec(name: string, opcode: number): OperationSpec<OperationResult> {
  return { name, opcode, idempotent: false, route: 'key', quiet: false, compresses: true, result: operationResult };
}

const upsertSpec = storeSpec('upsert', Opcode.Set);
const insertSpec: OperationSpec<OperationResult> = { ...storeSpec('insert', Opcode.Add), isInsert: () => true };
const replaceSpec = storeSpec('replace', Opcode.Replace);
const appendSpec = concatSpec('append', Opcode.Append);
const prependSpec = concatSpec('prepend', Opcode.Prepend);

type Store = Operation<OperationResult>;

export function upsert(context: OperationContext, key: string, value: unknown, options?: UpsertOptions): Store {
  return store(context, upsertSpec, key, value, options, STORE_OPTIONS);
}

export function insert(context: OperationContext, key: string, value: unknown, options?: InsertOptions): Store {
  return store(context, insertSpec, key, value, options, INSERT_OPTIONS);
}

export function replace(context: OperationContext, key: string, value: unknown, options?: ReplaceOptions): Store {
  return store(context, replaceSpec, key, value, options, STORE_OPTIONS);
}

/** What can be added to a document. */
export type Fragment = string | Uint8Array;

export function append(context: OperationContext, key: string, value: Fragment, options?: AppendOptions): Store {
  return concat(context, appendSpec, key, value, options);
}

export function prepend(context: OperationContext, key: string, value: Fragment, options?: AppendOptions): Store {
  return concat(context, prependSpec, key, value, options);
}

function store(
  context: OperationContext,
  spec: OperationSpec<OperationResult>,
  key: string,
  value: unknown,
  options: UpsertOptions | undefined,
  known: readonly string[],
): Store {
  const operation = keyedOperation(context, spec, key, options, known);
  let { defaultFormat: format } = context;
  if (options !== undefined) {
    if (options.format !== undefined) format = options.format;
    operation.expiry = checkTtl(options.ttl);
    setCas(operation, options);
    setDurability(operation, context, options);
    setPreserveExpiry(operation, options.preserveExpiry);
  }
  encode(operation, value, format);
  return operation;
}

function concat(
  context: OperationContext,
  spec: OperationSpec<OperationResult>,
  key: string,
  value: Fragment,
  options: AppendOptions | undefined,
): Store {
  const operation = keyedOperation(context, spec, key, options, APPEND_OPTIONS);
  const format = options?.format ?? (types.isUint8Array(value) ? FMT_BYTES : FMT_UTF8);
  if (format !== FMT_UTF8 && format !== FMT_BYTES) {
    throw new ArgumentError(`${spec.name} takes the formats FMT_UTF8 and FMT_BYTES only`);
  }
  if (options !== undefined) {
    setCas(operation, options);
    setDurability(operation, context, options);
  }
  encode(operation, value, format);
  return operation;
}

function encode(operation: Operation, value: unknown, format: Format): void {
  try {
    const { payload, flags, datatype } = operation.transcoder.encodeValue(value, format);
    // Checked here, as a frame that cannot be written to its end would take the connection with it.
    if (typeof payload !== 'string' && !types.isUint8Array(payload)) {
      throw new ValueFormatError(`the transcoder's payload must be a string or a Uint8Array, not ${describe(payload)}`);
    }
    if (flags !== flags >>> 0 || (datatype !== Datatype.Raw && datatype !== Datatype.Json)) {
      const given = `flags ${describe(flags)} and datatype ${describe(datatype)}`;
      throw new ValueFormatError(`the transcoder must give 32-bit flags and the datatype 0 or 1, not ${given}`);
    }
    checkValueBytes(operation, payload);
    operation.payload = payload;
    operation.valueBytes = payload.length;
    operation.flags = flags;
    operation.datatype = datatype;
  } catch (cause) {
    if (cause instanceof ArgumentError || cause instanceof ValueFormatError || cause instanceof TooBigError)
      throw cause;
    throw new ValueFormatError('the transcoder failed to encode the value', { ...operation.details(), cause });
  }
}

function writeFlagsAndExpiry(operation: Operation, writer: FrameWriter): void {
  writer.u32(operation.flags);
  writer.u32(operation.expiry);
}
