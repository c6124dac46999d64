import { Feature, type Frame, Opcode } from '@cb/protocol';
import { Users } from '../../src/auth/users.js';
import { Random } from '../../src/base/random.js';
import { Node } from '../../src/cluster/node.js';
import { FEATURES } from '../../src/config/features.js';
import { KvSession } from '../../src/kv/session.js';
import { Bucket, type BucketOptions } from '../../src/store/bucket.js';
import type { Vbucket } from '../../src/store/vbucket.js';
import { ManualClock } from '../store/manual-clock.js';
import { RecordingTransport } from './recording-transport.js';
import { type RequestParts, requestBytes } from './request-bytes.js';

/** What clients usually agree on; a test may ask for less. */
export const USUAL = [Feature.MutationSeqno, Feature.Xerror, Feature.Json, Feature.Xattr] as const;

/** A node with one bucket of four vbuckets, the first of them active, on a clock that the test moves. */
export class Server {
  readonly clock = new ManualClock();
  readonly node: Node;
  readonly bucket: Bucket;
  readonly vbucket: Vbucket;

  constructor(options: Partial<BucketOptions> = {}, features: readonly number[] = FEATURES, version = '7.2.4') {
    const random = new Random(1);
    const { clock } = this;
    const users = new Users({ iterations: 1, random, fallbackSalt: Buffer.alloc(16), clock });
    users.set('Administrator', { password: 'password', roles: ['admin'] });
    this.node = new Node('n0', {
      clock,
      random,
      users,
      version,
      features: new Set(features),
      dedupesMaps: false,
      hasClusterManager: true,
      warn: () => {},
    });
    this.bucket = new Bucket({ name: 'b', clock, vbucketCount: 4, ...options });
    this.node.buckets.set('b', this.bucket);
    this.vbucket = this.bucket.setVbucketState(0, 'active');
    this.vbucket.syncWrites.topology = [['n0']];
  }

  connect(features: readonly number[] = USUAL): Conversation {
    return new Conversation(this.node, this.bucket, features);
  }
}

/** One client of that node, signed in and with the bucket selected. */
export class Conversation {
  readonly #transport = new RecordingTransport();
  readonly #session: KvSession;

  constructor(node: Node, bucket: Bucket, features: readonly number[]) {
    this.#session = new KvSession(node, this.#transport);
    this.#session.signIn(node.users.get('Administrator'));
    this.#session.features.set(new Set(features));
    this.#session.select(bucket);
  }

  /** Sends one request; returns what came since the last call. */
  ask(opcode: number, parts: RequestParts = {}): Frame[] {
    this.#session.receive(requestBytes(opcode, parts));
    return this.arrived();
  }

  /** The same for a request with one answer. */
  one(opcode: number, parts: RequestParts = {}): Frame {
    const frames = this.ask(opcode, parts);
    if (frames.length !== 1) throw new Error(`${frames.length} answers to opcode ${opcode}`);
    return frames[0]!;
  }

  status(opcode: number, parts: RequestParts = {}): number {
    return this.one(opcode, parts).status;
  }

  arrived(): Frame[] {
    const { frames } = this.#transport;
    this.#transport.writes.length = 0;
    return frames;
  }

  /** Stores a document and returns its CAS. */
  set(key: string, value: string | Buffer, expiry = 0, cas = 0n): bigint {
    return this.one(Opcode.Set, { extras: storeExtras(0, expiry), key, value, cas }).cas;
  }

  get(key: string): Frame {
    return this.one(Opcode.Get, { key });
  }
}

export function storeExtras(flags = 0, expiry = 0): Buffer {
  return u32s(flags, expiry);
}

/** Several u32, one after the other. */
export function u32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function counterExtras(delta: bigint, initial = 0n, expiry = 0): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeBigUInt64BE(delta);
  bytes.writeBigUInt64BE(initial, 8);
  bytes.writeUInt32BE(expiry, 16);
  return bytes;
}
