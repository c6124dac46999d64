import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedCluster } from '@cb/embedded';
import { type Frame, Opcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { getRowDoc, query, queryAll, queryEx } from '@cb/views';
import { reply } from '../../packages/raw/test/scripted-node.js';
import { Recorder } from './recorder.js';
import { json, ServiceBed, viewRows } from './service-bed.js';

const DOCUMENTS = 500;

describe('documents of a cluster', () => {
  let cluster: EmbeddedCluster;
  let bucket: RawBucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2 });
    const documents = cluster.bucket('default');
    for (let index = 0; index < DOCUMENTS; index++) documents.put(`document-${index}`, { index, twice: 2 * index });
    documents.designs.set('_design/d', {
      views: { v: { map: 'function (doc) { emit(doc.index, null); }', reduce: '_count' } },
    });
    const { connectionString, username, password } = cluster;
    bucket = new RawBucket(`${connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    bucket.destroy();
    await cluster.stop();
  });

  test('come with their rows, in the order of the rows', async () => {
    const rows = await queryAll(bucket, 'd', 'v', { includeDocs: true, reduce: false, stale: false });
    expect(rows.length).toBe(DOCUMENTS);
    for (const [index, { key, docid, doc }] of [...rows].entries()) {
      expect([key, docid]).toEqual([index, `document-${index}`]);
      expect(doc).toMatchObject({ success: true, value: { index, twice: 2 * index }, key: docid });
      expect(doc?.cas).toBeGreaterThan(0n);
    }
  });

  test('come in a loop, and to a handler', async () => {
    const options = { includeDocs: true, reduce: false, stale: false, descending: true } as const;
    let expected = DOCUMENTS;
    for await (const { doc } of query(bucket, 'd', 'v', options)) {
      expect(doc?.value).toMatchObject({ index: --expected });
    }
    expect(expected).toBe(0);
    const recorder = queryEx(bucket, Recorder, 'd', 'v', { ...options, limit: 30 });
    await recorder.ended;
    expect([recorder.received, recorder.calls.at(-1), recorder.indexedRows]).toEqual([30, 'done', DOCUMENTS]);
  });

  describe('are left out for reduced rows', () => {
    const refusal = {
      code: 'argument',
      operation: 'view d/v',
      message: expect.stringContaining('includeDocs needs reduce: false'),
    };

    // All of them leave it to the view whether it reduces.
    test.each([{}, { group: true }, { groupLevel: 1, rowsPerCall: -1 }])('of a view with %j', async (settings) => {
      const options = { includeDocs: true, stale: false, ...settings } as const;
      await expect(queryAll(bucket, 'd', 'v', options)).rejects.toMatchObject(refusal);
      const loop = async (): Promise<void> => {
        for await (const row of query(bucket, 'd', 'v', options)) throw new Error(`a row: ${JSON.stringify(row)}`);
      };
      await expect(loop()).rejects.toMatchObject(refusal);
      const recorder = queryEx(bucket, Recorder, 'd', 'v', options);
      await recorder.ended;
      expect(recorder.calls).toEqual(['error', 'done']);
      expect(recorder.failure).toMatchObject(refusal);
    });

    test('of a query that is given as text', async () => {
      const options = { includeDocs: true, query: 'stale=false&reduce=true' };
      await expect(queryAll(bucket, 'd', 'v', options)).rejects.toMatchObject(refusal);
      const [first] = await queryAll(bucket, 'd', 'v', { ...options, query: 'stale=false&reduce=false&limit=1' });
      expect(first?.doc).toMatchObject({ success: true, value: { index: 0 } });
    });
  });

  test('reach a row processor of one’s own', async () => {
    const rows = await queryAll<unknown>(bucket, 'd', 'v', {
      includeDocs: true,
      reduce: false,
      limit: 2,
      rowProcessor: { handleRows: (given) => given.map((row) => getRowDoc(row)?.value) },
    });
    expect([...rows]).toEqual([0, 1].map((index) => ({ index, twice: 2 * index })));
  });
});

/** Requests to read that a test answers when it likes. */
class Reads {
  readonly waiting: { key: string; answer: (value: object | undefined) => void }[] = [];

  readonly script = (frame: Frame, connection: Socket): 'silence' | undefined => {
    if (frame.opcode !== Opcode.Get) return undefined;
    const { opcode, opaque } = frame;
    const answer = (value: object | undefined): void => {
      const request = { opcode, opaque } as Frame;
      const found = { status: Status.Success, extras: Buffer.from('02000000', 'hex'), value: JSON.stringify(value) };
      connection.write(reply(request, value === undefined ? { status: Status.KeyNotFound } : found));
    };
    // The id of the default collection is one byte.
    this.waiting.push({ key: frame.key.subarray(1).toString(), answer });
    return 'silence';
  };

  async until(count: number): Promise<void> {
    while (this.waiting.length < count) await pause(5);
  }
}

test('at most ten documents are read at a time, and rows keep their order whatever theirs is', async () => {
  const reads = new Reads();
  const script = (response: Parameters<typeof json>[0]): void => json(response, { total_rows: 25, rows: viewRows(25) });
  await using bed = await ServiceBed.start({ script, keyValue: reads.script });
  const promise = queryAll(bed.bucket, 'd', 'v', { includeDocs: true });
  for (let answered = 0; answered < 25; ) {
    await reads.until(Math.min(10, 25 - answered));
    await pause(20);
    expect(reads.waiting.length).toBeLessThanOrEqual(10);
    for (const { key, answer } of reads.waiting.splice(0).reverse()) {
      answer({ of: key });
      answered++;
    }
  }
  const rows = await promise;
  expect([...rows].map(({ docid }) => docid)).toEqual(viewRows(25).map(({ id }) => id));
  expect([...rows].map(({ doc }) => doc?.value)).toEqual(viewRows(25).map(({ id }) => ({ of: id })));
});

test('a document that cannot be read is a result that says so', async () => {
  const reads = new Reads();
  const script = (response: Parameters<typeof json>[0]): void => json(response, { rows: viewRows(2) });
  await using bed = await ServiceBed.start({ script, keyValue: reads.script });
  const promise = queryAll(bed.bucket, 'd', 'v', { includeDocs: true });
  await reads.until(2);
  reads.waiting[0]!.answer(undefined);
  reads.waiting[1]!.answer({ there: true });
  const [missing, there] = [...(await promise)];
  expect(missing?.doc).toMatchObject({ success: false, rc: 0x0d, value: undefined, key: 'document-0' });
  expect(there?.doc).toMatchObject({ success: true, value: { there: true } });
});

test('rows that wait for their documents make the server wait', async () => {
  const reads = new Reads();
  let written = 0;
  await using bed = await ServiceBed.start({
    script: async (response) => {
      response.write('{"rows":[');
      const value = 'x'.repeat(10_000);
      for (; written < 20_000 && !response.destroyed; written++) {
        const row = JSON.stringify({ id: `document-${written}`, key: written, value });
        const isTaken = response.write(`${written === 0 ? '' : ','}${row}`);
        if (!isTaken) await new Promise((resolve) => response.once('drain', resolve));
      }
    },
    keyValue: reads.script,
    bucket: { timeout: 60_000 },
  });
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { includeDocs: true });
  await reads.until(10);
  let before = -1;
  while (before !== written) {
    before = written;
    await pause(300);
  }
  expect([recorder.received, reads.waiting.length]).toEqual([0, 10]);
  expect(written).toBeLessThan(10_000);
  for (let answered = 0; answered < 1500; answered++) {
    await reads.until(1);
    reads.waiting.shift()!.answer({});
  }
  while (written === before) await pause(10);
  recorder.cancel();
  await recorder.ended;
  expect(recorder.received).toBeGreaterThan(1000);
  expect(recorder.calls.slice(-2)).toEqual(['error', 'done']);
});
