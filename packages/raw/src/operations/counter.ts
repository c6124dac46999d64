import { ArgumentError, type Frame, type FrameWriter, Opcode, ProtocolError } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import { DURABILITY_OPTIONS, type DurabilityOptions, setDurability } from '../operation/durability.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import { mutationToken } from '../operation/read.js';
import { checkTtl, type TtlOptions } from '../operation/ttl.js';
import { ValueResult } from '../results/results.js';
import { describe } from '../values/argument-checks.js';

/** `ttl` applies only when the counter is created; it is checked in any case. */
export interface CounterOptions extends OperationOptions, TtlOptions, DurabilityOptions {
  /** Added to the counter; negative subtracts, and stops at 0. A safe integer or a 64-bit bigint. Default 1. */
  readonly delta?: number | bigint | undefined;
  /** The value of a counter that does not exist yet (`delta` is not applied then). Without it, that is an error. */
  readonly initial?: number | bigint | undefined;
}

const OPTIONS = ['timeout', 'signal', 'retry', 'ttl', 'delta', 'initial', ...DURABILITY_OPTIONS] as const;
const U64_MAX = 0xffffffffffffffffn;
/** The expiry that means: do not create (kv_engine docs/BinaryProtocol.md, Increment). */
const DO_NOT_CREATE = 0xffffffff;

interface Amounts {
  readonly delta: bigint;
  readonly initial: bigint;
}

const counterSpec: OperationSpec<ValueResult<number | bigint>> = {
  name: 'counter',
  opcode: Opcode.Increment,
  idempotent: false,
  route: 'key',
  quiet: false,
  extras(operation: Operation, writer: FrameWriter): void {
    const { delta, initial } = operation.argument as Amounts;
    writer.u64(delta);
    writer.u64(initial);
    writer.u32(operation.expiry);
  },
  result(operation: Operation, frame: Frame): ValueResult<number | bigint> {
    if (frame.valueLength !== 8) {
      throw new ProtocolError(`the answer to counter has a value of ${frame.valueLength} bytes, not 8`);
    }
    const value = frame.bytes.readBigUInt64BE(frame.valueStart);
    // A number as long as it is exact.
    const shown = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    const token = mutationToken(operation, frame);
    return new ValueResult(operation.key, 0, frame.casHigh, frame.casLow, token, shown, 0);
  },
};

export function counter(
  context: OperationContext,
  key: string,
  options?: CounterOptions,
): Operation<ValueResult<number | bigint>> {
  const operation = keyedOperation(context, counterSpec, key, options, OPTIONS);
  const delta = options?.delta === undefined ? 1n : integer(options.delta, 'delta');
  const initial = options?.initial;
  if (delta < 0n) operation.opcode = Opcode.Decrement;
  const expiry = checkTtl(options?.ttl);
  if (expiry === DO_NOT_CREATE) throw new ArgumentError(`ttl of counter must be below ${DO_NOT_CREATE}`);
  operation.expiry = initial === undefined ? DO_NOT_CREATE : expiry;
  const amounts: Amounts = {
    delta: magnitude(delta < 0n ? -delta : delta, 'delta'),
    initial: initial === undefined ? 0n : magnitude(integer(initial, 'initial'), 'initial'),
  };
  operation.argument = amounts;
  if (options !== undefined) setDurability(operation, context, options);
  return operation;
}

function integer(value: unknown, name: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ArgumentError(`${name} must be a safe integer or a bigint, not ${describe(value)}`);
}

function magnitude(value: bigint, name: string): bigint {
  if (value < 0n || value > U64_MAX) throw new ArgumentError(`${name} must be within 64 bits, not ${value}`);
  return value;
}
