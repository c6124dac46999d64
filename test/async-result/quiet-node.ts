import { type Frame, Opcode, Status } from '@cb/protocol';
import { RawBucket, type RawBucketOptions } from '@cb/raw';
import { type Answer, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from './terminal-calls.js';

const FLAGS_JSON = Buffer.from([2, 0, 0, 0]);

/** A node that never answers operations on keys that begin with `silent`, and answers all others with success. */
export function quietNode(): Promise<ScriptedNode> {
  return ScriptedNode.start(answerUnlessSilent);
}

export function answerUnlessSilent(frame: Frame): Answer | undefined {
  if (frame.keyLength === 0 || frame.opcode === Opcode.Hello) return undefined;
  if (frame.opcode === Opcode.SelectBucket || frame.opcode === Opcode.SaslAuth) return undefined;
  if (keyOf(frame).startsWith('silent')) return 'silence';
  return frame.opcode === Opcode.Get
    ? { status: Status.Success, extras: FLAGS_JSON, value: '"answered"', cas: 7n }
    : { status: Status.Success, cas: 7n };
}

/** The document key, without the collection before it. */
export function keyOf(frame: Frame): string {
  return frame.key.toString('utf8').replace(/^\0/, '');
}

/** A bucket that is connected to the node. */
export async function connectTo(node: ScriptedNode, options: RawBucketOptions = {}): Promise<RawBucket> {
  const bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', ...options });
  await new TerminalCalls(bucket.connect()).value();
  return bucket;
}
