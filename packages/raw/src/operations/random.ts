import { Feature, type Frame, type FrameWriter, NotFoundError, Opcode, splitCollectionKey } from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import { valueResult } from '../operation/read.js';
import { ValueResult } from '../results/results.js';
import { checkBoolean, checkOptions, checkSignal, checkTimeout } from '../values/argument-checks.js';

/** Options of `randomGet`. */
export interface RandomOptions extends OperationOptions {
  /** Deliver the value as the stored bytes, whatever its format; `flags` keep the format. Default false. */
  readonly noFormat?: boolean | undefined;
}

const OPTIONS = ['timeout', 'signal', 'retry', 'noFormat'] as const;

/** Source: kv_engine docs/BinaryProtocol.md, "0xb6 Get Random": the key comes with its collection once those are agreed. */
const randomSpec: OperationSpec<ValueResult> = {
  name: 'randomGet',
  opcode: Opcode.GetRandomKey,
  idempotent: true,
  route: 'node',
  quiet: false,
  extras(operation: Operation, writer: FrameWriter, features: ReadonlySet<number>): void {
    const collections = features.has(Feature.Collections);
    operation.argument = collections;
    if (collections) writer.u32(operation.collectionId);
  },
  result(operation: Operation, frame: Frame): ValueResult {
    const key = operation.argument === true ? splitCollectionKey(frame.key).key : frame.key;
    const { value, flags } = valueResult(operation, frame);
    return new ValueResult(key.toString('utf8'), 0, frame.casHigh, frame.casLow, undefined, value, flags);
  },
};

/** Asks one node after the other for a document of the collection, from a random one on, until one has any. */
export function randomGet<T>(context: OperationContext, options: RandomOptions = {}): CompositeCall<ValueResult<T>> {
  return randomCall(context, 'randomGet', options, (result) => result as ValueResult<T>);
}

/** Returns the key of the document that `randomGet` returns. */
export function randomKey(context: OperationContext, options: OperationOptions = {}): CompositeCall<string> {
  checkOptions('randomKey', options, ['timeout', 'signal', 'retry']);
  // The value comes along in any case, and is not looked at.
  return randomCall(context, 'randomKey', { ...options, noFormat: true }, ({ key }) => key);
}

function randomCall<R>(
  context: OperationContext,
  name: string,
  options: RandomOptions,
  take: (result: ValueResult) => R,
): CompositeCall<R> {
  checkOptions(name, options, OPTIONS);
  const noFormat = checkBoolean(options.noFormat ?? false, 'noFormat');
  return {
    name,
    key: '',
    timeoutMs: options.timeout === undefined ? context.timeoutMs : checkTimeout(options.timeout),
    signal: options.signal === undefined ? undefined : checkSignal(options.signal),
    idempotent: true,
    async run(steps) {
      let missing: NotFoundError | undefined;
      for (const node of fromRandom(steps)) {
        const operation = new Operation(randomSpec, '', context.transcoder);
        operation.node = node;
        operation.collection = context.collection;
        operation.noFormat = noFormat;
        try {
          return take(await steps.issue(operation));
        } catch (error) {
          // This node has no document of the collection; another one may.
          if (!(error instanceof NotFoundError)) throw error;
          missing = error;
        }
      }
      throw missing;
    },
  };
}

/** The nodes, from a random one on. */
function fromRandom({ host }: CompositeSteps): string[] {
  const { nodeNames } = host.cluster;
  const first = host.randomBytes(4).readUInt32BE(0) % nodeNames.length;
  return [...nodeNames.slice(first), ...nodeNames.slice(0, first)];
}
