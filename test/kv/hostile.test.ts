import {
  type CouchbaseError,
  Datatype,
  type Frame,
  FrameWriter,
  Magic,
  Opcode,
  ServerOpcode,
  Status,
} from '@cb/protocol';
import { type AsyncResult, LookupInSpec, MutateInSpec, RawBucket } from '@cb/raw';
import { type Answer, reply, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';

/*
 * Answers that no server should give. Each must become a typed error on the operation that it answers; every other
 * operation, the connection (unless the stream itself is beyond repair) and the process live on.
 */

const FLAGS = Buffer.from([2, 0, 0, 0]);
const TIMEOUT_MS = 500;

/** What a packet is made of, where it is not as it should be. */
interface Packet {
  readonly magic?: number;
  readonly opcode?: number;
  readonly opaque?: number;
  readonly status?: number;
  readonly datatype?: number;
  readonly extras?: Buffer;
  readonly key?: string;
  readonly value?: Buffer | string;
}

function packet({ opcode, opaque }: Frame, parts: Packet): Buffer {
  const writer = new FrameWriter();
  writer.begin(parts.magic ?? Magic.Response, parts.opcode ?? opcode);
  writer.raw(parts.extras ?? Buffer.alloc(0));
  writer.endExtras();
  writer.utf8(parts.key ?? '');
  writer.endKey();
  writer.raw(Buffer.from((parts.value as string) ?? ''));
  writer.end(parts.status ?? Status.Success, parts.datatype ?? 0, parts.opaque ?? opaque, 0, 7);
  return Buffer.from(writer.written);
}

let node: ScriptedNode;
let bucket: RawBucket;
/** What is answered to anything about the document `bad`, and to what has no document. */
let hostile: (frame: Frame) => Answer;

const HANDSHAKE: readonly number[] = [
  Opcode.Hello,
  Opcode.GetErrorMap,
  Opcode.SaslAuth,
  Opcode.SelectBucket,
  Opcode.GetClusterConfig,
  Opcode.Noop,
];

beforeEach(async () => {
  node = await ScriptedNode.start((frame) => {
    if (HANDSHAKE.includes(frame.opcode)) return undefined;
    if (frame.key.toString() === '\0good') return { status: Status.Success, extras: FLAGS, value: '"fine"', cas: 7n };
    return hostile(frame);
  });
  bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', timeout: TIMEOUT_MS });
  await new TerminalCalls(bucket.connect()).value();
});

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

/** The error of a call between two others, which succeed. */
async function errorAmongOthers(call: (bucket: RawBucket) => AsyncResult<unknown>): Promise<CouchbaseError> {
  const before = new TerminalCalls(bucket.get('good'));
  const bad = new TerminalCalls(call(bucket));
  const after = new TerminalCalls(bucket.get('good'));
  expect(await before.value()).toMatchObject({ value: 'fine' });
  expect(await after.value()).toMatchObject({ value: 'fine' });
  const error = await bad.error();
  expect(await new TerminalCalls(bucket.get('good')).value()).toMatchObject({ value: 'fine' });
  expect(bad.all).toHaveLength(1);
  return error;
}

const get = (each: RawBucket): AsyncResult<unknown> => each.get('bad');
const upsert = (each: RawBucket): AsyncResult<unknown> => each.upsert('bad', 1);
const lookup = (each: RawBucket): AsyncResult<unknown> =>
  each.lookupIn('bad', [LookupInSpec.get('a'), LookupInSpec.get('b')]);
const mutate = (each: RawBucket): AsyncResult<unknown> => each.mutateIn('bad', [MutateInSpec.counter('a', 1)]);

describe('answers that cannot be read', () => {
  const cases: readonly (readonly [what: string, call: typeof get, parts: Packet])[] = [
    ['a get without flags', get, { value: '1' }],
    ['a get with half of its flags', get, { extras: FLAGS.subarray(2), value: '1' }],
    ['a get with flags and more', get, { extras: Buffer.alloc(8), value: '1' }],
    ['a get that is compressed, but is not', get, { extras: FLAGS, value: '"x"', datatype: Datatype.Snappy }],
    ['an empty compressed get', get, { extras: FLAGS, datatype: Datatype.Snappy }],
    ['a get-and-touch without flags', (each) => each.get('bad', { ttl: 5 }), { value: '1' }],
    ['a lock without flags', (each) => each.lock('bad', { ttl: 5 }), { value: '1' }],
    ['a copy without flags', (each) => each.getAllReplicas('bad'), { value: '1' }],
    ['a mutation with half a token', upsert, { extras: Buffer.alloc(8) }],
    ['a mutation with a token and more', upsert, { extras: Buffer.alloc(17) }],
    ['a removal with half a token', (each) => each.remove('bad'), { extras: Buffer.alloc(3) }],
    ['a counter without its value', (each) => each.counter('bad'), {}],
    ['a counter of seven bytes', (each) => each.counter('bad'), { value: Buffer.alloc(7) }],
    ['a counter of nine bytes', (each) => each.counter('bad'), { value: Buffer.alloc(9) }],
    ['a compressed counter', (each) => each.counter('bad'), { value: Buffer.alloc(8), datatype: Datatype.Snappy }],
    ['an existence without its extras', (each) => each.exists('bad'), {}],
    ['an existence with short extras', (each) => each.exists('bad'), { extras: Buffer.alloc(3) }],
    ['an observation cut off', (each) => each.observe('bad'), { value: Buffer.alloc(5) }],
    ['no results of a lookup', lookup, {}],
    ['a lookup cut off in its head', lookup, { value: Buffer.from([0, 0, 0]) }],
    ['a lookup cut off in its value', lookup, { value: Buffer.from('000000000002317', 'latin1') }],
    ['a lookup with one result too few', lookup, { value: Buffer.from([0, 0, 0, 0, 0, 1, 0x31]) }],
    ['a lookup with a value of 4 GiB', lookup, { value: Buffer.from([0, 0, 255, 255, 255, 255, 0x31]) }],
    ['a mutation in a document cut off', mutate, { value: Buffer.from([0, 0, 0, 0, 0]) }],
    ['a mutation of a path that was not asked for', mutate, { value: Buffer.from([9, 0, 0, 0, 0, 0, 1, 0x31]) }],
  ];

  test.each(cases)('%s', async (_what, call, parts) => {
    hostile = (frame) => ({ bytes: packet(frame, parts) });
    const error = await errorAmongOthers(call);
    expect(error).toMatchObject({ code: 'protocol', key: 'bad', node: `127.0.0.1:${node.port}`, status: 0 });
    expect(node.connections.size).toBe(1);
  });

  test('a mutation whose answer cannot be read may have been carried out', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { extras: Buffer.alloc(8) }) });
    expect((await errorAmongOthers(upsert)).ambiguous).toBe(true);
    hostile = (frame) => ({ bytes: packet(frame, { value: '1' }) });
    expect((await errorAmongOthers(get)).ambiguous).toBe(false);
  });

  test.each([
    ['JSON that is invalid', '{"a":'],
    ['nothing where JSON should be', ''],
    ['bytes that are not text', Buffer.from([0xff, 0xfe])],
  ])('a value with %s is a format error that names its document', async (_what, value) => {
    hostile = (frame) => ({ bytes: packet(frame, { extras: FLAGS, value }) });
    const error = await errorAmongOthers(get);
    expect(error).toMatchObject({ code: 'value_format', key: 'bad', cause: { name: 'SyntaxError' } });
  });

  test('a random document without the collection of its key', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { extras: FLAGS, value: '1' }) });
    expect(await errorAmongOthers((each) => each.randomGet())).toMatchObject({
      code: 'protocol',
      operation: 'randomGet',
    });
  });

  test('a collection id that is cut off', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { extras: Buffer.alloc(8) }) });
    const error = await errorAmongOthers((each) => each.scope('s').collection('c').get('bad'));
    expect(error).toMatchObject({ code: 'protocol', key: 'bad' });
    expect(error.message).toContain('s.c');
  });
});

describe('answers to something else', () => {
  test('the opcode of another operation fails the one whose opaque it has', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { opcode: Opcode.Delete }) });
    const error = await errorAmongOthers(get);
    expect(error).toMatchObject({ code: 'protocol', key: 'bad', node: `127.0.0.1:${node.port}` });
    expect(error.message).toContain('opcode 0x4');
  });

  test('an opaque that nobody has is dropped, and the operation times out', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { opaque: frame.opaque ^ 0x5555, extras: FLAGS, value: '1' }) });
    expect(await errorAmongOthers(get)).toMatchObject({ code: 'timeout', key: 'bad', ambiguous: false });
    expect(await errorAmongOthers(upsert)).toMatchObject({ code: 'timeout', key: 'bad', ambiguous: true });
    expect(node.connections.size).toBe(1);
  });

  test('a second answer is dropped', async () => {
    hostile = (frame) => {
      const answer = packet(frame, { status: Status.KeyNotFound });
      return { bytes: Buffer.concat([answer, answer, packet(frame, { extras: FLAGS, value: '1' })]) };
    };
    expect((await errorAmongOthers(get)).code).toBe('not_found');
  });

  test('a thousand answers that nobody waits for are dropped', async () => {
    hostile = (frame) => {
      const noise = Array.from({ length: 1000 }, (_none, index) => packet(frame, { opaque: 0x8000_0000 + index }));
      return { bytes: Buffer.concat([...noise, packet(frame, { status: Status.KeyNotFound })]) };
    };
    expect((await errorAmongOthers(get)).code).toBe('not_found');
  });

  test('statistics that never end end at the deadline', async () => {
    hostile = (frame) => ({ bytes: packet(frame, { key: 'a', value: '1' }) });
    expect(await errorAmongOthers((each) => each.stats())).toMatchObject({ code: 'timeout', operation: 'stats' });
  });
});

describe('bytes that are not frames', () => {
  const streams: readonly (readonly [what: string, bytes: (frame: Frame) => Buffer])[] = [
    ['an unknown magic', (frame) => Buffer.concat([Buffer.from([0x42]), packet(frame, {}).subarray(1)])],
    ['a request', (frame) => Buffer.concat([Buffer.from([Magic.Request]), packet(frame, {}).subarray(1)])],
    ['extras beyond the body', (frame) => withByte(packet(frame, {}), 4, 9)],
    ['a key beyond the body', (frame) => withByte(packet(frame, {}), 2, 9)],
    ['framing extras beyond the body', (frame) => withByte(withByte(packet(frame, {}), 0, Magic.AltResponse), 2, 9)],
    ['a body of 4 GiB', (frame) => withByte(packet(frame, {}), 8, 0xff)],
  ];

  test.each(streams)('%s costs the connection, and no more', async (_what, bytes) => {
    let asked = 0;
    hostile = (frame) =>
      ++asked === 1 ? { bytes: bytes(frame) } : { status: Status.Success, extras: FLAGS, value: '"again"', cas: 7n };
    const read = new TerminalCalls(bucket.get('bad'));
    const others = [new TerminalCalls(bucket.get('good')), new TerminalCalls(bucket.get('good'))];
    // Reads are asked for again over the next connection.
    expect(await read.value()).toMatchObject({ value: 'again' });
    for (const other of others) expect(await other.value()).toMatchObject({ value: 'fine' });
    asked = 0;
    const error = await new TerminalCalls(bucket.upsert('bad', 1)).error();
    expect(error).toMatchObject({ code: 'network_failure', key: 'bad', ambiguous: true, cause: { code: 'protocol' } });
    expect(await new TerminalCalls(bucket.get('good')).value()).toMatchObject({ value: 'fine' });
  });

  test('a frame cut off by the end of the connection is not an answer', async () => {
    let asked = 0;
    hostile = (frame) => {
      if (++asked > 1) return { status: Status.KeyNotFound };
      for (const socket of node.connections) socket.end(packet(frame, { extras: FLAGS, value: '1' }).subarray(0, 27));
      return 'silence';
    };
    expect((await new TerminalCalls(bucket.get('bad')).error()).code).toBe('not_found');
    expect(await new TerminalCalls(bucket.get('good')).value()).toMatchObject({ value: 'fine' });
  });

  test('frames may come a byte at a time', async () => {
    hostile = (frame) => {
      const bytes = packet(frame, { extras: FLAGS, value: '"slow"' });
      const [socket] = node.connections;
      for (const byte of bytes) socket!.write(Buffer.from([byte]));
      return 'silence';
    };
    expect(await new TerminalCalls(bucket.get('bad')).value()).toMatchObject({ value: 'slow' });
  });
});

describe('what the server sends of its own accord', () => {
  const pushes: readonly (readonly [what: string, parts: Packet])[] = [
    ['an unknown opcode', { opcode: 0x55 }],
    ['authentication, which is for the server', { opcode: ServerOpcode.Authenticate, value: '{}' }],
    ['active users, which is for the server', { opcode: ServerOpcode.ActiveExternalUsers }],
    ['a configuration that is not JSON', { value: 'nonsense' }],
    ['a configuration without nodes', { value: '{}' }],
    ['a configuration that is a list', { value: '[1,2]' }],
    ['a configuration that is compressed, but is not', { value: '{}', datatype: Datatype.Snappy }],
    [
      'a map that points nowhere',
      { value: '{"rev":99,"nodesExt":[{"services":{"kv":1}}],"vBucketServerMap":{"vBucketMap":[[7]]}}' },
    ],
    [
      'a manifest uid that is a number',
      { value: '{"rev":99,"nodesExt":[{"services":{"kv":1}}],"collectionsManifestUid":7}' },
    ],
    [
      'a map without vbuckets',
      { value: '{"rev":99,"nodesExt":[{"services":{"kv":1}}],"vBucketServerMap":{"vBucketMap":[]}}' },
    ],
    ['extras of a strange length', { extras: Buffer.alloc(5), value: 'nonsense' }],
  ];

  test.each(pushes)('%s changes nothing', async (_what, parts) => {
    hostile = (frame) => {
      const push = {
        magic: Magic.ServerRequest,
        opcode: ServerOpcode.ClustermapChangeNotification,
        key: 'default',
        ...parts,
      };
      return { bytes: Buffer.concat([packet(frame, push), packet(frame, { status: Status.KeyNotFound })]) };
    };
    const before = bucket.clusterMap;
    expect((await errorAmongOthers(get)).code).toBe('not_found');
    expect(bucket.clusterMap).toBe(before);
    expect(node.connections.size).toBe(1);
  });

  test.each([
    ['nothing', ''],
    ['something else than a map', '{"error":{"context":"no map"}}'],
    ['no JSON', 'nonsense'],
    ['an old map', '{"rev":0,"nodesExt":[{"services":{"kv":1}}],"vBucketServerMap":{"vBucketMap":[[0]]}}'],
  ])('not my vbucket with %s is tried again until the deadline', async (_what, value) => {
    hostile = (frame) => ({ bytes: packet(frame, { status: Status.NotMyVbucket, value, datatype: Datatype.Json }) });
    const error = await errorAmongOthers(get);
    expect(error).toMatchObject({ code: 'timeout', key: 'bad', retryReasons: ['kv_not_my_vbucket'] });
  });
});

describe('a handshake that is not as it should be', () => {
  /** Connects to the node as it is now, and reads a document. */
  async function connectAgain(): Promise<unknown> {
    const other = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    try {
      await new TerminalCalls(other.connect()).value();
      return (await new TerminalCalls(other.get('good')).value()).value;
    } finally {
      other.destroy();
    }
  }

  function answerOnce(opcode: number, answer: (frame: Frame) => Answer): void {
    const { script } = node;
    node.script = (frame, socket) => (frame.opcode === opcode ? answer(frame) : script(frame, socket));
  }

  test.each([
    ['empty', '{}'],
    ['without a revision', '{"version":2,"errors":{}}'],
    ['no JSON', 'nonsense'],
    ['a list', '[]'],
    ['of errors that are invalid', '{"version":2,"revision":1,"errors":{"1":7,"zz":{},"2":{"name":3,"attrs":"temp"}}}'],
    ['missing', ''],
  ])('an error map that is %s is done without', async (_what, value) => {
    answerOnce(Opcode.GetErrorMap, () => ({ status: Status.Success, value }));
    expect(await connectAgain()).toBe('fine');
  });

  test('an odd list of features is read as far as it goes', async () => {
    answerOnce(Opcode.Hello, (frame) => ({
      status: Status.Success,
      value: Buffer.concat([frame.value, Buffer.from([0])]),
    }));
    expect(await connectAgain()).toBe('fine');
  });

  test.each([
    ['an answer with another opaque', (frame: Frame) => ({ bytes: packet(frame, { opaque: 77 }) })],
    ['an answer to another request', (frame: Frame) => ({ bytes: packet(frame, { opcode: Opcode.Get }) })],
    ['a configuration that is not JSON', (frame: Frame) => ({ bytes: reply(frame, { status: 0, value: 'nonsense' }) })],
    [
      'a configuration with a number as manifest uid',
      (frame: Frame) => ({
        bytes: reply(frame, { status: 0, value: node.config({ collectionsManifestUid: 7 }) }),
      }),
    ],
  ])('%s is an error that says where', async (_what, answer) => {
    answerOnce(Opcode.GetClusterConfig, answer);
    await expect(connectAgain()).rejects.toMatchObject({
      code: 'connect',
      seeds: [{ step: 'cluster configuration', cause: { code: 'protocol' } }],
    });
    // The bucket that is connected already is not concerned.
    expect(await new TerminalCalls(bucket.get('good')).value()).toMatchObject({ value: 'fine' });
  });

  test('a push in the middle of it is not taken for an answer', async () => {
    answerOnce(Opcode.GetErrorMap, (frame) => ({
      bytes: Buffer.concat([
        packet(frame, { magic: Magic.ServerRequest, opcode: ServerOpcode.ClustermapChangeNotification, value: '{}' }),
        packet(frame, { value: '{}' }),
      ]),
    }));
    expect(await connectAgain()).toBe('fine');
  });
});

/** The bytes with one of them changed. */
function withByte(bytes: Buffer, at: number, byte: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = byte;
  return changed;
}
