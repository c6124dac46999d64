import { Feature, type Frame, type FrameWriter, Opcode } from '@cb/protocol';
import { Operation, type OperationSpec } from '../operation/operation.js';
import { Result } from '../results/results.js';
import { defaultTranscoder } from '../values/transcoder.js';

/** A configuration as the server sent it, and from where. */
export class ConfigResult extends Result {
  readonly json: Buffer;

  constructor(json: Buffer) {
    super('', 0);
    this.json = json;
  }
}

interface KnownVersion {
  readonly revEpoch: number;
  readonly rev: number;
}

/**
 * Asks one node for its configuration. With the feature GetClusterConfigWithKnownVersion agreed, the answer is empty
 * when it has nothing newer (kv_engine docs/BinaryProtocol.md, Get Cluster Config).
 */
const clusterConfigSpec: OperationSpec<ConfigResult> = {
  name: 'cluster configuration',
  opcode: Opcode.GetClusterConfig,
  idempotent: true,
  route: 'node',
  quiet: false,
  extras(operation: Operation, writer: FrameWriter, features: ReadonlySet<number>): void {
    const known = operation.argument as KnownVersion | undefined;
    if (known === undefined || !features.has(Feature.GetClusterConfigWithKnownVersion)) return;
    writer.u64(BigInt(known.revEpoch));
    writer.u64(BigInt(known.rev));
  },
  result: (_operation: Operation, frame: Frame): ConfigResult => new ConfigResult(Buffer.from(frame.value)),
};

export function clusterConfig(timeoutMs: number, known: KnownVersion | undefined): Operation<ConfigResult> {
  const operation = new Operation(clusterConfigSpec, '', defaultTranscoder);
  operation.timeoutMs = timeoutMs;
  operation.argument = known;
  return operation;
}
