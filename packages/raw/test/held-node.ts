import { type Frame, Opcode, Status } from '@cb/protocol';
import { type AsyncResult, RawBucket, type RawBucketOptions } from '../src/index.js';
import { type Answer, reply, ScriptedNode } from './scripted-node.js';

type Parts = Exclude<Answer, string | { readonly bytes: Buffer }>;

export const OK: Parts = { status: Status.Success, cas: 7n };
export const MISSING: Parts = { status: Status.KeyNotFound };
export const BUSY: Parts = { status: Status.TemporaryFailure };

/** The answer to a read of a document with this text. */
export function document(json: string): Parts {
  return { status: Status.Success, extras: Buffer.from([2, 0, 0, 0]), value: json, cas: 7n };
}

/** A request that the node has received and not answered. */
interface Received {
  /** Such as `get k`. */
  readonly name: string;
  answer(parts: Parts): void;
}

const NAMES = new Map<number, string>([
  [Opcode.Get, 'get'],
  [Opcode.GetAndTouch, 'getAndTouch'],
  [Opcode.Set, 'upsert'],
  [Opcode.GetReplica, 'getReplica'],
  [Opcode.SubdocMultiLookup, 'lookupIn'],
]);

/** A node that answers operations on documents when a test tells it to, and a bucket of it. */
export class HeldNode implements AsyncDisposable {
  readonly node: ScriptedNode;
  bucket!: RawBucket;
  /** What has arrived, in order. */
  readonly received: Received[] = [];

  private constructor(node: ScriptedNode) {
    this.node = node;
  }

  static async start(): Promise<HeldNode> {
    const held = new HeldNode(await ScriptedNode.start());
    held.node.script = (frame, socket) => {
      const name = NAMES.get(frame.opcode);
      if (name === undefined) return undefined;
      const { opcode, opaque } = frame;
      const key = frame.key.toString().replace('\0', '');
      const answer = (parts: Parts): void => void socket.write(reply({ opcode, opaque } as Frame, parts));
      held.received.push({ name: `${name} ${key}`, answer });
      return 'silence';
    };
    held.bucket = await held.connected();
    return held;
  }

  /** A further bucket. */
  async connected(parameters = '', options: RawBucketOptions = {}): Promise<RawBucket> {
    const credentials = { username: 'u', password: 'p', timeout: 20_000 };
    const opened = new RawBucket(`${this.node.connectionString}${parameters}`, { ...credentials, ...options });
    await outcome(opened.connect());
    return opened;
  }

  answer(place: number, parts: Parts): void {
    this.received[place]!.answer(parts);
  }

  /** Waits for so many requests in all. */
  async arrival(count: number): Promise<string[]> {
    while (this.received.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
    return this.received.map(({ name }) => name);
  }

  /** What has arrived when a request that is sent now has made its way: all that was sent before. */
  async settled(): Promise<string[]> {
    const isLast = ({ name }: Received): boolean => name === 'upsert last';
    const last = outcome(this.bucket.upsert('last', 1));
    while (!this.received.some(isLast)) await new Promise((resolve) => setTimeout(resolve, 1));
    const [request] = this.received.splice(this.received.findIndex(isLast), 1);
    request!.answer(OK);
    await last;
    return this.received.map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bucket.destroy();
    await this.node[Symbol.asyncDispose]();
  }
}

export function outcome<R>(result: AsyncResult<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
  });
}

/** What the operations end with: their results, or errors. */
export function outcomes(results: readonly AsyncResult<unknown>[]): Promise<unknown[]> {
  return Promise.all(results.map((each) => outcome(each).catch((error: unknown) => error)));
}

/** A result with this value. */
export function having(read: unknown): unknown {
  return expect.objectContaining({ success: true, value: read });
}
