import type { CouchbaseError, Frame } from '@cb/protocol';
import { RawBucket } from '../src/bucket/raw-bucket.js';
import type { AsyncResult } from '../src/results/async-result.js';
import { type Answer, type Script, ScriptedNode } from './scripted-node.js';

/** A request, kept after its frame is gone. */
export interface Asked {
  readonly opcode: number;
  readonly extras: Buffer;
  readonly key: string;
  readonly value: Buffer;
}

/** A bucket on one node that gives the next answer to every request of one opcode, and notes what it was asked. */
export class ScriptedBucket implements AsyncDisposable {
  readonly bucket: RawBucket;
  readonly asked: Asked[] = [];
  answer: Answer = 'silence';
  readonly #node: ScriptedNode;

  private constructor(node: ScriptedNode) {
    this.#node = node;
    this.bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', timeout: 2000 });
  }

  /** @param handshake what the node says while the bucket connects, where that is not the standard. */
  static async start(opcode: number, handshake?: Script): Promise<ScriptedBucket> {
    const node = await ScriptedNode.start(handshake);
    const scripted = new ScriptedBucket(node);
    await settled(scripted.bucket.connect());
    node.script = (frame) => {
      if (frame.opcode !== opcode) return undefined;
      scripted.asked.push(copy(frame));
      return scripted.answer;
    };
    return scripted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bucket.destroy();
    await this.#node[Symbol.asyncDispose]();
  }
}

function copy({ opcode, extras, key, value }: Frame): Asked {
  return { opcode, extras: Buffer.from(extras), key: key.toString(), value: Buffer.from(value) };
}

/** The outcome of an operation, as a Promise. */
export function settled<R>(result: AsyncResult<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
  });
}

/** The error that an operation fails with. */
export function failure(result: AsyncResult<unknown>): Promise<CouchbaseError> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(
      () => reject(new Error('the operation succeeded')),
      (_result, _errorClass, error) => resolve(error),
    );
  });
}
