import {
  CancelledError,
  type CouchbaseError,
  Datatype,
  FrameParser,
  Magic,
  ObjectDestroyedError,
  Opcode,
} from '@cb/protocol';
import fc from 'fast-check';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import { JsonRun, type JsonRunOwner } from '../../src/connection/json-run.js';
import { KeysOnWire } from '../../src/connection/keys-on-wire.js';
import { Slots } from '../../src/connection/slots.js';
import type { OperationContext } from '../../src/operation/context.js';
import type { Operation } from '../../src/operation/operation.js';
import { undecodable } from '../../src/operation/operation-errors.js';
import { get } from '../../src/operations/get.js';
import type { Result, ValueResult } from '../../src/results/results.js';
import { defaultTranscoder, FMT_JSON } from '../../src/values/transcoder.js';
import { settled } from '../scripted-bucket.js';
import { ScriptedNode } from '../scripted-node.js';

const CONTEXT: OperationContext = {
  quiet: false,
  defaultFormat: FMT_JSON,
  transcoder: defaultTranscoder,
  timeoutMs: 1000,
  durableTimeoutMs: 1000,
  endureTimeoutMs: 5000,
  endureIntervalMs: 10,
  replicas: 0,
};

/** The bytes of a successful answer to a get, written after kv_engine docs/BinaryProtocol.md. */
function answer(opaque: number, value: string | Buffer, { flags = FMT_JSON, cas = 1, datatype = 1 } = {}): Buffer {
  const body = Buffer.from(value as string);
  const head = Buffer.alloc(28);
  head[0] = 0x81;
  head[4] = 4;
  head[5] = datatype;
  head.writeUInt32BE(4 + body.length, 8);
  head.writeUInt32BE(opaque, 12);
  head.writeUInt32BE(cas, 20);
  head.writeUInt32BE(flags, 24);
  return Buffer.concat([head, body]);
}

/** What becomes of gets whose answers come in these chunks; what the run leaves alone is read as a connection does. */
class Wire implements JsonRunOwner {
  readonly slots = new Slots(new KeysOnWire());
  readonly outcomes: (readonly [key: string, value: unknown, cas: bigint])[] = [];
  readonly #run = new JsonRun(this, Buffer.from([1, 2, 3, 4]));
  readonly #parser = new FrameParser(
    (frame) => {
      if (this.#run.takes(frame)) return;
      this.leftAlone.push(frame.bytes[frame.start]!);
      const operation = this.answered(frame.opaque)!;
      try {
        this.succeeded(operation, operation.spec.result(operation, frame));
      } catch (error) {
        this.unreadable(operation, 0, error);
      }
    },
    { reads: 'responses' },
  );
  /** The first byte of each frame that the run left to others. */
  readonly leftAlone: number[] = [];

  begin(key: string): number {
    const operation = get<unknown>(CONTEXT, key);
    this.slots.add(operation as Operation);
    operation.setCallbacks(
      ({ value, cas }) => this.outcomes.push([key, value, cas]),
      (_result, _class, error) => this.outcomes.push([key, error.code, 0n]),
    );
    return operation.opaque;
  }

  receive(chunk: Buffer): void {
    // The memory is reused, as that of a socket is.
    const memory = Buffer.from(chunk);
    this.#run.begin(memory);
    try {
      this.#parser.push(memory);
    } catch {
      this.#run.end();
    }
    memory.fill(0xee);
  }

  answered(opaque: number): Operation | undefined {
    return this.slots.take(opaque);
  }

  succeeded(operation: Operation, result: Result): void {
    operation.succeed(result);
  }

  unreadable(operation: Operation, status: number, error: unknown): void {
    operation.fail(undecodable(operation, status, 'node', error));
  }
}

/** What a get of the value brings when it is read by itself. */
function alone(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    return 'value_format';
  }
}

/** Values that are not JSON, and may be together what none of them is. */
const PIECES = [
  '',
  ' ',
  ',',
  '1,2',
  '[1',
  '2]',
  '[',
  ']',
  '{"a":1',
  '"b":2}',
  '"',
  '"a',
  'b"',
  '\\',
  '"\\',
  '1]',
  '[1],[2',
];
/** JSON that needs care. */
const DOCUMENTS = [
  '1',
  '""',
  'null',
  ' true ',
  '{"__proto__":1}',
  '[10000001]',
  '"é"',
  '"日本"',
  '{"a":{"a":[]}}',
  '-0',
];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.json() },
  { weight: 2, arbitrary: fc.constantFrom(...DOCUMENTS) },
  { weight: 1, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()) },
);

test.each(['JSON', 'with pieces of it'])(
  'every document is what it is by itself, in whatever pieces they come (%s)',
  (kind) => {
    const values = fc.array(kind === 'JSON' ? fc.oneof(fc.json(), fc.constantFrom(...DOCUMENTS)) : value, {
      maxLength: 200,
    });
    fc.assert(
      fc.property(values, fc.array(fc.nat(5000), { maxLength: 5 }), (all, cuts) => {
        const wire = new Wire();
        const bytes = Buffer.concat(
          all.map((each, index) => answer(wire.begin(`k${index}`), each, { cas: index + 1 })),
        );
        const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        for (let edge = 1; edge < edges.length; edge++) wire.receive(bytes.subarray(edges[edge - 1], edges[edge]));
        expect(wire.outcomes.map(([key, read]) => [key, read])).toEqual(
          all.map((each, index) => [`k${index}`, alone(each)]),
        );
      }),
      { numRuns: 300 },
    );
  },
);

test.each([[['1,2,3', '{"a":[1', '2]}']], [['"a', 'b"']], [['[1', '2]']], [['1,2']]])(
  'values that are JSON only together are not JSON: %j',
  (values) => {
    const wire = new Wire();
    const all = ['0', ...values, '4', '"last"'];
    wire.receive(Buffer.concat(all.map((each, n) => answer(wire.begin(`k${n}`), each))));
    expect(wire.outcomes.map(([, read]) => read)).toEqual([0, ...values.map(() => 'value_format'), 4, 'last']);
  },
);

test('documents side by side are taken together, but for the last of the chunk and each 33rd', () => {
  const wire = new Wire();
  const answers = Array.from({ length: 85 }, (_none, n) => answer(wire.begin(`k${n}`), `{"n":${n}}`, { cas: n + 7 }));
  const parse = jest.spyOn(JSON, 'parse');
  wire.receive(Buffer.concat(answers));
  const calls = parse.mock.calls.length;
  parse.mockRestore();
  expect(wire.leftAlone).toHaveLength(3);
  // One for each run, and one for each that was left alone.
  expect(calls).toBe(3 + 3);
  expect(wire.outcomes).toEqual(answers.map((_answer, n) => [`k${n}`, { n }, BigInt(n + 7)]));
});

test('documents side by side are parsed one by one when one is not ASCII, whichever', () => {
  const wire = new Wire();
  const values = ['"a"', '"é"', '"日本"', '"🍺"', '"b"'];
  wire.receive(Buffer.concat(values.map((each, n) => answer(wire.begin(`k${n}`), each))));
  expect(wire.outcomes.map(([, read]) => read)).toEqual(['a', 'é', '日本', '🍺', 'b']);
});

test.each([
  ['of other flags', { flags: 0x03000002 }],
  ['of old flags', { flags: 0 }],
  ['with extended attributes', { datatype: Datatype.Xattr }],
])('values %s are left alone, in their places', (_what, parts) => {
  const wire = new Wire();
  const opaques = ['a', 'b', 'c', 'd', 'e'].map((key) => wire.begin(key));
  wire.receive(Buffer.concat(opaques.map((opaque, n) => answer(opaque, `${n}`, n === 2 ? parts : {}))));
  expect(wire.leftAlone).toHaveLength(2);
  expect(wire.outcomes.map(([key]) => key)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('the frame behind a run is as it came: inflating it reads its header once more', () => {
  const wire = new Wire();
  wire.receive(Buffer.concat(['a', 'b', 'c'].map((key) => answer(wire.begin(key), '1'))));
  expect(wire.leftAlone).toEqual([Magic.Response]);
});

test('long documents are left alone', () => {
  const wire = new Wire();
  const long = `"${'x'.repeat(5000)}"`;
  wire.receive(Buffer.concat(['a', 'b', 'c'].map((key) => answer(wire.begin(key), key === 'b' ? long : '1'))));
  expect(wire.leftAlone).toHaveLength(2);
  expect(wire.outcomes.map(([, read]) => read)).toEqual([1, JSON.parse(long), 1]);
});

test('what came before the stream broke is delivered', () => {
  const wire = new Wire();
  const broken = Buffer.alloc(24, 0x42);
  wire.receive(Buffer.concat([...['a', 'b'].map((key) => answer(wire.begin(key), `"${key}"`)), broken]));
  expect(wire.outcomes.map(([key, read]) => [key, read])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ]);
});

describe('on a connection, with all answers in one chunk,', () => {
  const KEYS = ['a', 'b', 'c', 'd', 'e'];
  let node: ScriptedNode;
  let bucket: RawBucket;

  beforeEach(async () => {
    node = await ScriptedNode.start();
    bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', timeout: 5000 });
    await settled(bucket.connect());
  });

  afterEach(async () => {
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  /** Begins the gets, each with what it does when it succeeds; answers all of them at once. */
  function outcomes(onValue: (key: string, begun: ReturnType<RawBucket['get']>[]) => void, behind = Buffer.alloc(0)) {
    const opaques: number[] = [];
    node.script = ({ opcode, opaque }, socket) => {
      if (opcode !== Opcode.Get) return undefined;
      opaques.push(opaque);
      if (opaques.length === KEYS.length) {
        socket.write(Buffer.concat([...opaques.map((each, n) => answer(each, `{"n":${n}}`)), behind]));
      }
      return 'silence';
    };
    const begun: ReturnType<RawBucket['get']>[] = [];
    const all = KEYS.map((key) => {
      const operation = bucket.get(key);
      begun.push(operation);
      return new Promise<unknown>((resolve) => {
        const succeeded = (result: ValueResult): void => {
          resolve(result.value);
          onValue(key, begun);
        };
        operation.setCallbacks(succeeded, (_result, _class, error: CouchbaseError) => resolve(error));
      });
    });
    return Promise.all(all);
  }

  test('all but the last are parsed together', async () => {
    const parse = jest.spyOn(JSON, 'parse');
    const all = await outcomes(() => {});
    const texts = parse.mock.calls.map(([text]) => text);
    parse.mockRestore();
    expect(all).toEqual(KEYS.map((_key, n) => ({ n })));
    expect(texts).toHaveLength(2);
    for (const n of [0, 1, 2, 3]) expect(texts[0]).toContain(`{"n":${n}}`);
    expect(texts[1]).toBe('{"n":4}');
  });

  test('a callback may cancel those that come after it', async () => {
    const all = await outcomes((key, begun) => {
      if (key === 'b') begun[3]!.cancel();
    });
    expect(all).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, expect.any(CancelledError), { n: 4 }]);
  });

  test('a callback that destroys the bucket leaves nothing to those that come after it', async () => {
    const all = await outcomes((key) => {
      if (key === 'b') bucket.destroy();
    });
    expect(all.slice(0, 2)).toEqual([{ n: 0 }, { n: 1 }]);
    for (const error of all.slice(2)) expect(error).toBeInstanceOf(ObjectDestroyedError);
  });

  test('a broken stream behind them takes none of them along', async () => {
    expect(await outcomes(() => {}, Buffer.alloc(24, 0x42))).toEqual(KEYS.map((_key, n) => ({ n })));
  });
});
