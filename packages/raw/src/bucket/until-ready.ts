import { type CouchbaseError, TimeoutError } from '@cb/protocol';
import type { ClusterView } from '../operation/cluster-view.js';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import { noop } from '../operations/noop.js';
import type { AsyncResult } from '../results/async-result.js';
import { checkOptions, checkSignal, checkTimeout } from '../values/argument-checks.js';
import type { BucketState } from './bucket-state.js';

/** Options of `waitUntilReady`. */
export interface ReadyOptions {
  /** Milliseconds until `TimeoutError`, connecting included. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Cancels the wait when aborted: it fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** A bucket to wait for. */
interface Connectable {
  readonly state: BucketState;
  connect(): AsyncResult<undefined>;
}

const TIMEOUT_MS = 10_000;
/** Milliseconds from one check to the next. */
const LOOK_MS = 10;

/** Waits until the bucket is connected, and every node of its map has a connection that can be used. */
export function untilReady(
  context: OperationContext,
  bucket: Connectable,
  options: ReadyOptions = {},
): CompositeCall<undefined> {
  checkOptions('waitUntilReady', options, ['timeout', 'signal']);
  const timeoutMs = checkTimeout(options.timeout ?? TIMEOUT_MS);
  return {
    name: 'waitUntilReady',
    key: '',
    timeoutMs,
    signal: options.signal === undefined ? undefined : checkSignal(options.signal),
    idempotent: true,
    early: true,
    async run(steps) {
      try {
        await untilConnected(steps, bucket);
        await untilNodesAnswer(steps, context);
      } catch (error) {
        if (error instanceof TimeoutError) throw notReady(error, timeoutMs, bucket.state, steps.host.cluster);
        throw error;
      }
      return undefined;
    },
  };
}

async function untilConnected(steps: CompositeSteps, bucket: Connectable): Promise<void> {
  let isConnected = false;
  const connected = new Promise<void>((resolve, reject) => {
    const succeeded = (): void => {
      isConnected = true;
      resolve();
    };
    bucket.connect().setCallbacks(succeeded, (_result, _errorClass, error) => reject(error));
  });
  // The wait ends at the deadline and with the composite; connecting goes on.
  do await Promise.race([connected, steps.sleep(LOOK_MS)]);
  while (!isConnected);
}

/** Sends an operation to each node without a connection: endpoints reconnect for operations that wait. */
async function untilNodesAnswer(steps: CompositeSteps, context: OperationContext): Promise<void> {
  const { cluster } = steps.host;
  for (;;) {
    const missing = cluster.endpoints.filter(({ connection }) => connection?.state !== 'ready');
    if (missing.length === 0) return;
    await Promise.all(
      missing.map(({ name }) => {
        const operation = noop(context);
        operation.node = name;
        return steps.issue(operation).catch((error) => {
          // A node that has left the map is not waited for.
          if (cluster.nodeNames.includes(name)) throw error;
        });
      }),
    );
    await steps.sleep(LOOK_MS);
  }
}

function notReady(cause: CouchbaseError, timeoutMs: number, state: BucketState, cluster: ClusterView): TimeoutError {
  const nodes = cluster.endpoints
    .filter(({ connection }) => connection?.state !== 'ready')
    .map((endpoint) => {
      const { name, connection } = endpoint;
      const trouble = endpoint.trouble();
      const why = trouble === undefined ? '' : ` (${trouble.message})`;
      return `${name} is ${connection === undefined ? 'disconnected' : 'connecting'}${why}`;
    });
  const why = nodes.length === 0 ? `it is ${state}` : nodes.join(', ');
  return new TimeoutError(`the bucket was not ready within ${timeoutMs} ms: ${why}`, {
    operation: 'waitUntilReady',
    cause,
  });
}
