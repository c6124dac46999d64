import { connect } from '@cb/promise';
import { type Frame, FrameWriter, Magic, Opcode, Status } from '@cb/protocol';
import { prefixScan, RawBucket, type ScanItem, type ScanOptions, type ScanType, samplingScan } from '@cb/raw';
import type { Answer } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { type ClusterScript, ScriptedCluster } from './scripted-cluster.js';

const credentials = { username: 'u', password: 'p' };

interface Request {
  readonly opcode: number;
  readonly node: number;
  /** The JSON of a creation. */
  readonly spec: { readonly range?: Record<string, string>; readonly sampling?: Record<string, number> } | undefined;
  /** What a continuation or a cancellation names. */
  readonly id: string;
}

/** A packet of keys. */
function keysPacket({ opaque }: Frame, keys: readonly string[], status: number): Buffer {
  const writer = new FrameWriter();
  writer.begin(Magic.Response, Opcode.RangeScanContinue);
  writer.u32(0);
  writer.endExtras();
  for (const key of keys) {
    writer.u8(Buffer.byteLength(key));
    writer.utf8(key);
  }
  writer.end(status, 0, opaque, 0, 0);
  return Buffer.from(writer.written);
}

const ID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

describe('scans of nodes that answer as told', () => {
  let nodes: ScriptedCluster;
  let bucket: RawBucket;
  let requests: Request[];

  async function start(
    vbuckets: number[][],
    script: (frame: Frame, node: number, nth: number) => Answer | undefined,
  ): Promise<void> {
    requests = [];
    const counts = new Map<number, number>();
    const recording: ClusterScript = (frame, node) => {
      const { opcode } = frame;
      if (opcode < Opcode.RangeScanCreate || opcode > Opcode.RangeScanCancel) return script(frame, node, 0);
      const isCreation = opcode === Opcode.RangeScanCreate;
      const spec = isCreation ? JSON.parse(frame.value.toString()) : undefined;
      requests.push({ opcode, node, spec, id: isCreation ? '' : frame.extras.toString('hex', 0, 16) });
      const nth = 1 + (counts.get(opcode) ?? 0);
      counts.set(opcode, nth);
      const answer = script(frame, node, nth);
      if (answer !== undefined) return answer;
      return isCreation ? { status: Status.Success, value: ID } : { status: Status.Success };
    };
    nodes = await ScriptedCluster.start(vbuckets, recording);
    bucket = new RawBucket(nodes.connectionString, credentials);
    await new TerminalCalls(bucket.waitUntilReady()).value();
  }

  afterEach(async () => {
    bucket.destroy();
    await nodes[Symbol.asyncDispose]();
  });

  function scan(
    options: ScanOptions = {},
    type: ScanType = prefixScan('k'),
  ): { keys: string[]; calls: TerminalCalls<number> } {
    const keys: string[] = [];
    const handler = (items: ScanItem[]): void => void keys.push(...items.map(({ key }) => key));
    return { keys, calls: new TerminalCalls(bucket.scan(type, { idsOnly: true, ...options }, handler)) };
  }

  const opcodes = (): number[] => requests.map(({ opcode }) => opcode);
  const creations = (): Request['spec'][] => requests.filter(({ spec }) => spec !== undefined).map(({ spec }) => spec);

  test('batches come in any number of packets', async () => {
    await start([[0]], (frame, _node, nth) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      if (nth === 2) return { bytes: keysPacket(frame, [], Status.RangeScanComplete) };
      const packets = [
        keysPacket(frame, ['k1', 'k2'], Status.Success),
        keysPacket(frame, [], Status.Success),
        keysPacket(frame, ['k3'], Status.RangeScanMore),
      ];
      return { bytes: Buffer.concat(packets) };
    });
    const { keys, calls } = scan();
    expect(await calls.value()).toBe(3);
    expect(keys).toEqual(['k1', 'k2', 'k3']);
    expect(opcodes()).toEqual([Opcode.RangeScanCreate, Opcode.RangeScanContinue, Opcode.RangeScanContinue]);
    expect(creations()).toEqual([
      { collection: '0', key_only: true, range: { start: 'aw==', end: Buffer.from('6bff', 'hex').toString('base64') } },
    ]);
  });

  test('a scan that the server has lost goes on behind the last key', async () => {
    await start([[0]], (frame, _node, nth) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      if (nth === 1) return { bytes: keysPacket(frame, ['k1', 'k2'], Status.RangeScanMore) };
      if (nth === 2) return { status: Status.KeyNotFound };
      if (nth === 3) return { bytes: keysPacket(frame, ['k3'], Status.RangeScanCancelled) };
      return { bytes: keysPacket(frame, ['k3', 'k4'], Status.RangeScanComplete) };
    });
    const { keys, calls } = scan();
    expect(await calls.value()).toBe(4);
    expect(keys).toEqual(['k1', 'k2', 'k3', 'k4']);
    const [first, second, third] = creations();
    expect(first!.range).toHaveProperty('start');
    expect(second!.range!['excl_start']).toBe(Buffer.from('k2').toString('base64'));
    expect(second!.range!['end']).toBe(first!.range!['end']);
    expect(third!.range!['excl_start']).toBe(Buffer.from('k2').toString('base64'));
  });

  test('what came before a connection broke is kept', async () => {
    await start([[0]], (frame, _node, nth) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      if (nth > 1) return { bytes: keysPacket(frame, ['k2'], Status.RangeScanComplete) };
      for (const socket of nodes.nodes[0]!.connections) socket.end(keysPacket(frame, ['k1'], Status.Success));
      return 'silence';
    });
    const { keys, calls } = scan();
    expect(await calls.value()).toBe(2);
    expect(keys).toEqual(['k1', 'k2']);
    expect(creations()[1]!.range!['excl_start']).toBe(Buffer.from('k1').toString('base64'));
  });

  test('a vbucket that moves is scanned to its end at its new node', async () => {
    await start([[0], [1]], (frame, node, nth) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      if (nth === 1) return { bytes: keysPacket(frame, ['k1'], Status.RangeScanMore) };
      if (node === 0) return { status: Status.NotMyVbucket, value: nodes.config(2, [[1], [1]]) };
      // The node knows nothing of a scan that was opened at the other one.
      const isOpen = requests.filter((request) => request.node === 1 && request.spec !== undefined).length > 0;
      return isOpen
        ? { bytes: keysPacket(frame, [`k${nth}`], Status.RangeScanComplete) }
        : { status: Status.KeyNotFound };
    });
    nodes.script = ((script) => (frame: Frame, node: number) => {
      // The other vbucket is empty, and always was at its node.
      if (frame.opcode === Opcode.RangeScanCreate && frame.vbucket === 1) return { status: Status.KeyNotFound };
      return script(frame, node);
    })(nodes.script);
    const { keys, calls } = scan();
    expect(await calls.value()).toBe(2);
    expect(keys[0]).toBe('k1');
    const moved = requests.find(({ node, spec }) => node === 1 && spec !== undefined);
    expect(moved!.spec!.range!['excl_start']).toBe(Buffer.from('k1').toString('base64'));
  });

  test('a sample is taken again from its start, and what was seen passed over', async () => {
    await start([[0]], (frame, _node, nth) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      if (nth === 1) return { bytes: keysPacket(frame, ['k1', 'k2'], Status.RangeScanMore) };
      if (nth === 2) return { status: Status.KeyNotFound };
      return { bytes: keysPacket(frame, ['k1', 'k2', 'k3', 'k4'], Status.RangeScanComplete) };
    });
    const { keys, calls } = scan({}, samplingScan(3));
    expect(await calls.value()).toBe(3);
    expect(keys).toEqual(['k1', 'k2', 'k3']);
    const [first, second] = creations();
    expect(first!.sampling).toEqual({ samples: 3, seed: expect.any(Number) });
    expect(second!.sampling).toEqual(first!.sampling);
  });

  test('a busy server is asked again', async () => {
    await start([[0]], (frame, _node, nth) => {
      if (frame.opcode === Opcode.RangeScanCreate && nth < 3) return { status: Status.Busy };
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      return { bytes: keysPacket(frame, ['k1'], Status.RangeScanComplete) };
    });
    const { calls } = scan();
    expect(await calls.value()).toBe(1);
    expect(creations()).toHaveLength(3);
  });

  test('a reader who leaves cancels what stands open', async () => {
    await start([[0]], (frame) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      return { bytes: keysPacket(frame, ['k1', 'k2'], Status.RangeScanMore) };
    });
    const other = await connect(nodes.connectionString, credentials);
    for await (const { key } of other.scan(prefixScan('k'), { idsOnly: true })) {
      expect(key).toBe('k1');
      break;
    }
    await other.close();
    expect(requests.at(-1)).toMatchObject({ opcode: Opcode.RangeScanCancel, id: ID.toString('hex') });
  });

  test('an error of one vbucket ends the scan of all, and cancels them', async () => {
    await start([[0], [1]], (frame, node) => {
      if (frame.opcode !== Opcode.RangeScanContinue) return undefined;
      return node === 0 ? { status: Status.Access } : { bytes: keysPacket(frame, ['k'], Status.Success) };
    });
    const { calls } = scan();
    expect(await calls.error()).toMatchObject({ code: 'access', operation: 'scan', node: nodes.names[0] });
    await new TerminalCalls(bucket.close()).value();
    expect(
      requests
        .filter(({ opcode }) => opcode === Opcode.RangeScanCancel)
        .map(({ node }) => node)
        .sort(),
    ).toEqual([0, 1]);
  });

  test('a server that shows nothing more in time ends it', async () => {
    await start([[0]], ({ opcode }) => (opcode === Opcode.RangeScanContinue ? 'silence' : undefined));
    const silent = scan({ timeout: 60 });
    expect(await silent.calls.error()).toMatchObject({ code: 'timeout', operation: 'scan' });
    nodes.script = ({ opcode }) => (opcode === Opcode.RangeScanCreate ? { status: Status.Busy } : undefined);
    const error = await scan({ timeout: 60 }).calls.error();
    expect(error).toMatchObject({ code: 'timeout', cause: { code: 'busy' } });
    expect(error.message).toContain('vbucket 0 showed nothing more within 60 ms');
  });

  test('a server that answers without an end is not listened to any longer', async () => {
    // A document of 1 MiB: more of them than one request asks for, many times over.
    const document = Buffer.concat([Buffer.alloc(25), Buffer.from([1, 0x6b, 0x80, 0x80, 0x40]), Buffer.alloc(2 ** 20)]);
    const writer = new FrameWriter();
    await start([[0]], ({ opcode, opaque }) => {
      if (opcode !== Opcode.RangeScanContinue) return undefined;
      writer.reset();
      for (let frame = 0; frame < 40; frame++) {
        writer.begin(Magic.Response, opcode);
        writer.u32(1);
        writer.endExtras();
        writer.raw(document);
        writer.end(Status.Success, 0, opaque, 0, 0);
      }
      return { bytes: Buffer.from(writer.written) };
    });
    expect(await scan({ timeout: 20_000 }).calls.error()).toMatchObject({ code: 'protocol', operation: 'scan' });
  });

  test('servers that know no scans say so', async () => {
    await start([[0]], ({ opcode }) =>
      opcode === Opcode.RangeScanCreate ? { status: Status.UnknownCommand } : undefined,
    );
    expect(await scan().calls.error()).toMatchObject({ code: 'feature_not_available', operation: 'scan' });
  });

  test.each([
    ['an id that is too short', Opcode.RangeScanCreate, { status: Status.Success, value: ID.subarray(1) }],
    ['no extras', Opcode.RangeScanContinue, { status: Status.RangeScanComplete }],
    [
      'extras of another kind',
      Opcode.RangeScanContinue,
      { status: Status.RangeScanComplete, extras: Buffer.from([0, 0, 0, 1]) },
    ],
    [
      'a key cut off',
      Opcode.RangeScanContinue,
      { status: Status.Success, extras: Buffer.alloc(4), value: Buffer.from([5, 0x6b]) },
    ],
    [
      'a length cut off',
      Opcode.RangeScanContinue,
      { status: Status.Success, extras: Buffer.alloc(4), value: Buffer.from([0x80]) },
    ],
  ])('%s is a protocol error, and other operations go on', async (_what, opcode, answer) => {
    await start([[0]], (frame) => (frame.opcode === opcode ? answer : undefined));
    const { calls } = scan();
    expect(await calls.error()).toMatchObject({ code: 'protocol', operation: 'scan' });
    await new TerminalCalls(bucket.noop()).value();
    expect(nodes.nodes[0]!.connections.size).toBe(1);
  });

  test('a document cut off is a protocol error', async () => {
    await start([[0]], ({ opcode }) =>
      opcode === Opcode.RangeScanContinue
        ? { status: Status.Success, extras: Buffer.from([0, 0, 0, 1]), value: Buffer.alloc(24) }
        : undefined,
    );
    expect(await scan({ idsOnly: false }).calls.error()).toMatchObject({ code: 'protocol', operation: 'scan' });
  });
});
