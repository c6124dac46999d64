import { Magic, Opcode } from '@cb/protocol';
import type { SeededRandom } from '@cb/raw/simulation';
import { type PacketParts, putTogether } from './packet-parts.js';

/** Parts in a short form; numbers are 32 bits wide. */
interface Short {
  readonly opcode: number;
  readonly extras?: Buffer;
  readonly framing?: Buffer;
  readonly key?: string | Buffer;
  readonly value?: string | Buffer;
  readonly vbucket?: number;
  readonly datatype?: number;
  readonly cas?: bigint;
}

const EMPTY = Buffer.alloc(0);
const JSON_FLAGS = 0x02000000;
const DOCUMENT = '{"n":1,"text":"some text","list":[1,2,3],"inner":{"a":{"b":"c"}}}';

/** A request as a client would make it. */
export function request({ opcode, framing, extras, key, value, vbucket, datatype, cas }: Short, opaque = 0): Buffer {
  const parts: PacketParts = {
    magic: Magic.Request,
    opcode,
    vbucketOrStatus: vbucket ?? 0,
    datatype: datatype ?? 0,
    opaque,
    cas: cas ?? 0n,
    framing: framing ?? EMPTY,
    extras: extras ?? EMPTY,
    key: Buffer.from(key ?? ''),
    value: Buffer.from(value ?? ''),
  };
  return putTogether(parts);
}

/** The requests of a session, one of each kind that clients make; with collections agreed. */
export function validRequests(random: SeededRandom, vbuckets: number): readonly (() => Buffer)[] {
  const at = (): Pick<Short, 'key' | 'vbucket'> => {
    const index = random.between(0, 11);
    return { key: `\0key-${index}`, vbucket: index % vbuckets };
  };
  const flags = numbers(JSON_FLAGS);
  const stored = { value: DOCUMENT, extras: Buffer.concat([flags, numbers(0)]) };
  const durable = Buffer.from([0x11, random.between(1, 3)]);
  const withDeadline = Buffer.from([0x13, 1, 0, 200]);
  const kinds: readonly (() => Short)[] = [
    ...[Opcode.Get, Opcode.GetK, Opcode.GetQ, Opcode.GetReplica, Opcode.GetMeta].map((opcode) => () => ({
      ...at(),
      opcode,
    })),
    ...[Opcode.Set, Opcode.Set, Opcode.Set, Opcode.Add, Opcode.Replace, Opcode.SetQ].map((opcode) => () => ({
      ...at(),
      ...stored,
      opcode,
    })),
    () => ({ ...at(), ...stored, opcode: Opcode.Set, extras: Buffer.concat([flags, numbers(random.pick([1, 60]))]) }),
    () => ({ ...at(), ...stored, opcode: Opcode.Set, framing: durable }),
    () => ({ ...at(), ...stored, opcode: Opcode.Set, framing: withDeadline }),
    () => ({ ...at(), opcode: Opcode.Delete, framing: random.chance(0.3) ? durable : EMPTY }),
    () => ({ ...at(), opcode: Opcode.Append, value: ' ' }),
    () => ({ ...at(), opcode: Opcode.Increment, extras: numbers(0, 1, 0, 5, 0), key: '\0count', vbucket: 0 }),
    () => ({ ...at(), opcode: Opcode.Touch, extras: numbers(100) }),
    () => ({ ...at(), opcode: Opcode.GetAndTouch, extras: numbers(100) }),
    () => ({ ...at(), opcode: Opcode.GetLocked, extras: numbers(2) }),
    () => ({ ...at(), opcode: Opcode.UnlockKey, cas: random.chance(0.5) ? 0xffffn : 1n }),
    () => ({ ...at(), opcode: Opcode.SubdocGet, extras: Buffer.from([0, 1, 0]), value: 'n' }),
    () => ({ ...at(), opcode: Opcode.SubdocGet, extras: Buffer.from([0, 9, 4]), value: '$document' }),
    () => ({ ...at(), opcode: Opcode.SubdocExists, extras: Buffer.from([0, 9, 0]), value: 'inner.a.b' }),
    () => ({ ...at(), opcode: Opcode.SubdocGetCount, extras: Buffer.from([0, 4, 0]), value: 'list' }),
    () => ({ ...at(), opcode: Opcode.SubdocDictUpsert, extras: Buffer.from([0, 3, 1]), value: 'a.b"x"' }),
    () => ({ ...at(), opcode: Opcode.SubdocDictUpsert, extras: Buffer.from([0, 6, 5]), value: '_sys.b"x"' }),
    () => ({ ...at(), opcode: Opcode.SubdocCounter, extras: Buffer.from([0, 1, 0]), value: 'n7' }),
    () => ({ ...at(), opcode: Opcode.SubdocArrayPushLast, extras: Buffer.from([0, 4, 0]), value: 'list4,5' }),
    () => ({ ...at(), opcode: Opcode.SubdocMultiLookup, value: Buffer.concat([lookup('n'), lookup('list[1]')]) }),
    () => ({ ...at(), opcode: Opcode.SubdocMultiMutation, value: Buffer.concat([store('m', '1'), store('t', '"u"')]) }),
    () => ({ opcode: Opcode.Noop }),
    () => ({ opcode: Opcode.Version }),
    () => ({ opcode: Opcode.Stat, key: random.pick(['', 'vbucket', 'vbucket-details', 'collections', 'config']) }),
    () => ({ opcode: Opcode.GetClusterConfig }),
    () => ({ opcode: Opcode.GetCollectionsManifest }),
    () => ({ opcode: Opcode.GetCollectionId, value: '_default._default' }),
    () => ({ opcode: Opcode.GetRandomKey }),
    () => ({ opcode: Opcode.GetAllVbSeqnos }),
    () => ({ opcode: Opcode.GetFailoverLog, vbucket: random.between(0, vbuckets - 1) }),
    () => ({ opcode: Opcode.ObserveSeqno, value: Buffer.alloc(8), vbucket: random.between(0, vbuckets - 1) }),
    () => ({ opcode: Opcode.Observe, value: Buffer.concat([Buffer.from([0, 0, 0, 6]), Buffer.from('\0key-0')]) }),
    () => ({ opcode: Opcode.RangeScanCreate, vbucket: 0, datatype: 1, value: scanOf('key', 'kez') }),
    () => ({ opcode: Opcode.RangeScanContinue, vbucket: 0, extras: random.bytes(28) }),
    () => ({ opcode: Opcode.GetErrorMap, value: Buffer.from([0, 2]) }),
    () => ({ opcode: Opcode.SaslListMechs }),
    () => ({ opcode: Opcode.SaslAuth, key: 'SCRAM-SHA1', value: 'n,,n=Administrator,r=0123456789abcdef' }),
  ];
  let opaque = 0;
  return kinds.map((kind) => () => request(kind(), ++opaque));
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function lookup(path: string): Buffer {
  return Buffer.concat([Buffer.from([Opcode.SubdocGet, 0, 0, path.length]), Buffer.from(path)]);
}

function store(path: string, value: string): Buffer {
  const head = Buffer.from([Opcode.SubdocDictUpsert, 0, 0, path.length, 0, 0, 0, value.length]);
  return Buffer.concat([head, Buffer.from(path + value)]);
}

function scanOf(from: string, to: string): string {
  const [start, end] = [from, to].map((key) => Buffer.from(key).toString('base64'));
  return JSON.stringify({ range: { start, end }, snapshot_requirements: undefined });
}
