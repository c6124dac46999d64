import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AlreadyQueriedError,
  ArgumentError,
  CancelledError,
  ClientTemporaryFailError,
  MetadataNotReadyError,
  NetworkError,
  ObjectDestroyedError,
  ProtocolError,
  ViewEngineError,
} from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { AsyncViewBase, queryEx, type ViewOptions, type ViewRow } from '@cb/views';
import { Recorder } from './recorder.js';
import { json, ServiceBed, type ServiceScript, viewRows } from './service-bed.js';

/** Sends the rows of these sizes in chunks of their own, and the end of the answer. */
function inChunks(sizes: readonly number[], end = ']}'): ServiceScript {
  return async (response) => {
    response.write('{"total_rows":100,"rows":[');
    let sent = 0;
    for (const size of sizes) {
      const rows = viewRows(size).map((row) => JSON.stringify(row));
      response.write(`${sent === 0 ? '' : ','}${rows.join(',\r\n')}`);
      sent += size;
      await pause(30);
    }
    response.end(end);
  };
}

test('rows come as they arrive, then the end', async () => {
  await using bed = await ServiceBed.start({ script: inChunks([3, 2, 5]) });
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
  expect(recorder).toBeInstanceOf(Recorder);
  expect(recorder.calls).toEqual([]);
  await recorder.ended;
  expect(recorder.calls).toEqual(['rows', 'rows', 'rows', 'done']);
  expect(recorder.sizes).toEqual([3, 2, 5]);
  expect(recorder).toMatchObject({ indexedRows: 100, errors: [], rowsReturned: 10, design: 'd', view: 'v' });
});

test('pieces of a body that arrive together are one delivery', async () => {
  await using bed = await ServiceBed.start({
    script: (response) => {
      response.write('{"rows":[');
      for (const [index, row] of viewRows(50).entries())
        response.write(`${index === 0 ? '' : ','}${JSON.stringify(row)}`);
      response.end(']}');
    },
  });
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
  await recorder.ended;
  expect(recorder.received).toBe(50);
  expect(recorder.sizes.length).toBeLessThan(5);
});

test('without rows only the end comes', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, { total_rows: 7, rows: [] }) });
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { limit: 0 });
  await recorder.ended;
  expect([recorder.calls, recorder.indexedRows]).toEqual([['done'], 7]);
});

describe('rowsPerCall', () => {
  test.each<[number, number[]]>([
    [0, [5, 4]],
    [2, [2, 2, 1, 2, 2]],
    [4, [4, 1, 4]],
    [100, [5, 4]],
    [-1, [9]],
  ])('%i', async (rowsPerCall, batches) => {
    await using bed = await ServiceBed.start({ script: inChunks([5, 4]) });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { rowsPerCall });
    await recorder.ended;
    expect([recorder.sizes, recorder.calls.at(-1)]).toEqual([batches, 'done']);
  });

  test('can be set until the first rows are there', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([5, 4]) });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    recorder.rowsPerCall = 3;
    await recorder.ended;
    expect(recorder.sizes).toEqual([3, 2, 3, 1]);
  });

  test('-1 without rows delivers nothing', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([]) });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { rowsPerCall: -1 });
    await recorder.ended;
    expect(recorder.calls).toEqual(['done']);
  });
});

describe('a failure is told once, and the end after it', () => {
  test('errors within the answer, after its rows', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([4], '],"errors":[{"from":"n","reason":"down"}]}') });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect(recorder.calls).toEqual(['rows', 'error', 'done']);
    expect(recorder.failure).toBeInstanceOf(ViewEngineError);
    expect([recorder.indexedRows, recorder.errors]).toEqual([100, [{ from: 'n', reason: 'down' }]]);
  });

  test('unless the query goes on', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([4], '],"errors":[{"from":"n","reason":"down"}]}') });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { onError: 'continue' });
    await recorder.ended;
    expect([recorder.calls, recorder.errors]).toEqual([['rows', 'done'], [{ from: 'n', reason: 'down' }]]);
  });

  test('before any row', async () => {
    await using bed = await ServiceBed.start({
      script: (response) => json(response, { error: 'not_found', reason: 'deleted' }, 404),
    });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect([recorder.calls, recorder.failure?.name]).toEqual([['error', 'done'], 'ViewNotFoundError']);
    expect(() => recorder.indexedRows).toThrow(MetadataNotReadyError);
  });

  test.each([
    ['a row that is not JSON', ',{"id":oops}]}', ProtocolError],
    ['an answer that ends in the middle', ',{"id":"x"', ProtocolError],
    ['metadata that is not JSON', '],"errors":}', ProtocolError],
  ])('%s', async (_what, end, errorClass) => {
    await using bed = await ServiceBed.start({ script: inChunks([4], end) });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect([recorder.calls, recorder.received]).toEqual([['rows', 'error', 'done'], 4]);
    expect(recorder.failure).toBeInstanceOf(errorClass);
  });

  test('a connection that breaks after rows is not tried again', async () => {
    await using bed = await ServiceBed.start({
      nodes: 2,
      script: async (response) => {
        response.write(`{"rows":[${JSON.stringify(viewRows(1)[0])}`);
        await pause(30);
        response.destroy();
      },
    });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect([recorder.calls, bed.requests.length]).toEqual([['rows', 'error', 'done'], 1]);
    expect(recorder.failure).toBeInstanceOf(NetworkError);
    expect(recorder.failure?.message).toMatch(
      /^view d\/v failed, reading the answer of .*; 1 rows were delivered, from \d+ bytes/,
    );
  });
});

describe('ends that the application decides', () => {
  /** Sends rows for ever. */
  const endless: ServiceScript = async (response) => {
    response.write('{"rows":[1');
    while (!response.destroyed) {
      response.write(',2,3');
      await pause(10);
    }
  };

  test('cancel, also from a callback', async () => {
    await using bed = await ServiceBed.start({ script: endless });
    class Canceller extends Recorder {
      override onRows(rows: Iterable<ViewRow>): void {
        super.onRows(rows);
        expect(this.cancel('enough')).toBe(true);
        expect(this.cancel()).toBe(false);
        expect(this.calls).toEqual(['rows']);
      }
    }
    const canceller = queryEx(bed.bucket, Canceller, 'd', 'v');
    await canceller.ended;
    expect(canceller.calls).toEqual(['rows', 'error', 'done']);
    expect(canceller.failure).toBeInstanceOf(CancelledError);
    expect(canceller.failure?.cause).toBe('enough');
    expect(canceller.cancel()).toBe(false);
  });

  test('a signal', async () => {
    await using bed = await ServiceBed.start({ script: endless });
    const controller = new AbortController();
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { signal: controller.signal });
    while (recorder.received === 0) await pause(10);
    controller.abort('enough');
    await recorder.ended;
    expect(recorder.calls.slice(-2)).toEqual(['error', 'done']);
    expect(recorder.failure).toMatchObject({ name: 'CancelledError', cause: 'enough' });
    const late = queryEx(bed.bucket, Recorder, 'd', 'v', { signal: controller.signal });
    await late.ended;
    expect([late.calls, bed.requests.length]).toEqual([['error', 'done'], 1]);
  });

  test('the end of the bucket', async () => {
    await using bed = await ServiceBed.start({ script: endless });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await pause(60);
    bed.bucket.destroy();
    await recorder.ended;
    expect(recorder.calls.slice(-2)).toEqual(['error', 'done']);
    expect(recorder.failure).toBeInstanceOf(ObjectDestroyedError);
  });

  test('closing the bucket waits for the last row', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([1, 1, 1]) });
    await new Promise((resolve, reject) => bed.bucket.connect().setCallbacks(resolve, reject));
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await new Promise((resolve, reject) => bed.bucket.close().setCallbacks(resolve, reject));
    await recorder.ended;
    expect([recorder.received, recorder.failure]).toEqual([3, undefined]);
    const late = queryEx(bed.bucket, Recorder, 'd', 'v');
    await late.ended;
    expect([late.calls, late.failure?.name]).toEqual([['error', 'done'], 'ObjectDestroyedError']);
  });
});

test('a view that is paused makes the server wait', async () => {
  let written = 0;
  await using bed = await ServiceBed.start({
    script: async (response) => {
      const row = `,"${'x'.repeat(10_000)}"`;
      response.write('{"rows":[1');
      while (!response.destroyed && written < 100_000_000) {
        written += row.length;
        if (!response.write(row)) await once(response, 'drain');
      }
    },
  });
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
  recorder.pause();
  while (written === 0) await pause(10);
  let before = -1;
  while (before !== written) {
    before = written;
    await pause(200);
  }
  expect(written).toBeLessThan(20_000_000);
  const { received } = recorder;
  recorder.resume();
  while (recorder.received === received || written === before) await pause(10);
  recorder.cancel();
  await recorder.ended;
});

describe('RawBucket.query', () => {
  test('makes a view that is not started', async () => {
    await using bed = await ServiceBed.start({ script: inChunks([2]) });
    await new Promise((resolve, reject) => bed.bucket.connect().setCallbacks(resolve, reject));
    const recorder = bed.bucket.query('d', 'v', { itercls: Recorder, limit: 3, useDevmode: true });
    expect(recorder).toBeInstanceOf(Recorder);
    await pause(50);
    expect(bed.requests).toEqual([]);
    expect(recorder.start()).toBe(recorder);
    recorder.start();
    await recorder.ended;
    expect(bed.requests.map(({ url }) => url)).toEqual(['/default/_design/dev_d/_view/v?limit=3']);
    expect(recorder.calls).toEqual(['rows', 'done']);
    expect(() => recorder.start()).toThrow(AlreadyQueriedError);
  });

  test('throws from start while the bucket is not connected', () => {
    const bucket = new RawBucket('couchbase://127.0.0.1:1/default');
    const recorder = bucket.query('d', 'v', { itercls: Recorder });
    expect(() => recorder.start()).toThrow(ClientTemporaryFailError);
  });

  test('refuses what is not a class of handlers', () => {
    const bucket = new RawBucket('couchbase://127.0.0.1:1/default');
    const recorder = bucket.query('d', 'v', { itercls: Recorder });
    class Halfway extends AsyncViewBase {
      onRows(): void {}
      onDone(): void {}
      declare onError: () => void;
    }
    for (const itercls of [recorder, undefined, 'Recorder', Map, Halfway]) {
      expect(() => bucket.query('d', 'v', { itercls } as never)).toThrow(ArgumentError);
    }
    expect(() => bucket.query('d', 'v', { itercls: Halfway })).toThrow('itercls Halfway has no method onError');
    expect(() => queryEx(bucket, Halfway, 'd', 'v')).toThrow(new ArgumentError('Halfway has no method onError'));
    expect(() => new Halfway(bucket, 'd', 'v').start()).toThrow('Halfway has no method onError');
    expect(() => bucket.query('d', 'v', { itercls: Recorder, limit: 'x' })).toThrow('limit must be a number');
    expect(() => queryEx(bucket, recorder as never, 'd', 'v')).toThrow(
      'queryEx takes a subclass of AsyncViewBase, the class and not an instance; it is an object (Recorder)',
    );
  });
});

test('a constructor of one’s own passes its arguments on', async () => {
  await using bed = await ServiceBed.start({ script: inChunks([2]) });
  class Labelled extends Recorder {
    readonly label: string;
    constructor(parent: RawBucket, design: string, view: string, options: ViewOptions & { label: string }) {
      const { label, ...rest } = options;
      super(parent, design, view, rest);
      this.label = label;
    }
  }
  const handler = queryEx(bed.bucket, Labelled, 'd', 'v', { label: 'mine', limit: 1 });
  await handler.ended;
  expect([handler.label, bed.requests[0]!.url]).toEqual(['mine', '/default/_design/d/_view/v?limit=1']);
});

test('when connecting fails, the handler hears of it', async () => {
  const bucket = new RawBucket('couchbase://127.0.0.1:1/default', { connectTimeout: 1000 });
  const recorder = queryEx(bucket, Recorder, 'd', 'v');
  await recorder.ended;
  expect([recorder.calls, recorder.failure?.name]).toEqual([['error', 'done'], 'ConnectError']);
});

test('the rows of a handler cannot be read in a loop', async () => {
  await using bed = await ServiceBed.start({ script: inChunks([2]) });
  const recorder = bed.bucket.query('d', 'v', { itercls: Recorder });
  expect(() => recorder[Symbol.asyncIterator]()).toThrow(AlreadyQueriedError);
  expect(() => recorder.batches()).toThrow(AlreadyQueriedError);
});
