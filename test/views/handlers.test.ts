import { AsyncLocalStorage } from 'node:async_hooks';
import { EmbeddedCluster } from '@cb/embedded';
import {
  ArgumentError,
  AsyncViewBase,
  BatchedView,
  type Bucket,
  type CouchbaseError,
  connect,
  type HandlerClass,
  N1QLRequest,
  ProtocolError,
  prefixScan,
  View,
  type ViewArguments,
  type ViewRow,
} from '@cb/promise';
import { DesignDocuments, n1qlQueryEx, queryAll, queryEx } from '@cb/views';
import { json, ServiceBed } from './service-bed.js';

/** What a handler was told, in order. */
class Told extends AsyncViewBase {
  readonly told: unknown[] = [];
  readonly ended: Promise<void>;
  #end!: () => void;

  // A constructor of its own, with the types that are there for it.
  constructor(...args: ViewArguments) {
    super(...args);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  onRows(rows: Iterable<ViewRow>): void {
    this.told.push([...rows].map(({ key }) => key));
  }

  onError(error: CouchbaseError): void {
    this.told.push(error.name);
  }

  onDone(): void {
    this.told.push('done');
    this.#end();
  }
}

/** What a call fails with. */
async function failure(attempt: () => unknown): Promise<Error> {
  try {
    await attempt();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('what is handed to calls that deliver to a handler', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start();
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/default`, { username, password });
    await bucket.designDocuments.upsert('d', { views: { v: { map: 'function (doc, meta) { emit(meta.id); }' } } });
    await bucket.upsertMulti({ a: 1, b: 2 });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('a class with a constructor that passes its arguments on', async () => {
    const handler = bucket.queryEx(Told, 'd', 'v', { stale: false });
    await handler.ended;
    expect(handler.told).toEqual([['a', 'b'], 'done']);
  });

  test.each([
    ['View', View, 'View has no method onRows'],
    ['BatchedView', BatchedView, 'BatchedView has no method onRows'],
    ['a class of something else', class Other {}, 'Other is not one'],
    ['an arrow function', () => {}, 'this function is not one'],
    ['nothing', undefined, 'it is undefined'],
  ])('is refused when it is %s', (_what, given, reason) => {
    const attempt = () => queryEx(bucket.raw, given as never, 'd', 'v');
    expect(attempt).toThrow(ArgumentError);
    expect(attempt).toThrow('queryEx takes a subclass of AsyncViewBase, the class and not an instance');
    expect(attempt).toThrow(reason);
  });

  test('is refused when it is an instance', () => {
    const view = new View(bucket.raw, 'd', 'v');
    expect(() => queryEx(bucket.raw, view as never, 'd', 'v')).toThrow('it is an object (View)');
  });

  test('is refused for statements, too', () => {
    const attempt = () => n1qlQueryEx(bucket.raw, N1QLRequest as never, 'SELECT 1');
    expect(attempt).toThrow('n1qlQueryEx takes a subclass of AsyncN1QLRequest');
    expect(attempt).toThrow('N1QLRequest has no method onRows');
  });

  test('is refused by the compiler, too', () => {
    type IsHandler<Class> = Class extends HandlerClass<string, string> ? 'handler' : 'none';
    const kinds: [IsHandler<typeof Told>, IsHandler<typeof View>, IsHandler<typeof BatchedView>] = [
      'handler',
      'none',
      'none',
    ];
    expect(kinds).toEqual(['handler', 'none', 'none']);
  });

  test('a bucket of Promises has the raw one that is asked for', async () => {
    const wrong = bucket as never;
    for (const attempt of [
      () => queryAll(wrong, 'd', 'v'),
      () => queryEx(wrong, Told, 'd', 'v'),
      () => new View(wrong, 'd', 'v'),
      () => new N1QLRequest(wrong, 'SELECT 1'),
      () => new DesignDocuments(wrong),
    ]) {
      const error = await failure(attempt);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toBe(
        'bucket must be a RawBucket, not an object (Bucket): pass its raw, as in queryAll(bucket.raw, …), or use its own methods',
      );
    }
    await expect(queryAll(undefined as never, 'd', 'v')).rejects.toThrow('bucket must be a RawBucket, not undefined');
    expect([...(await queryAll(bucket.raw, 'd', 'v', { stale: false }))]).toHaveLength(2);
  });

  test.each([
    ['async', async () => [], 'a Promise, which is not waited for'],
    ['without a result', () => undefined, 'undefined'],
    ['with a single row', () => ({ key: 1 }), 'an object (Object)'],
  ])('a row processor that is %s is told what it returns', async (_what, handleRows, reason) => {
    const rowProcessor = { handleRows: handleRows as never };
    const error = await bucket.queryAll('d', 'v', { stale: false, rowProcessor }).catch((thrown) => thrown);
    expect(error.message).toBe(`the row processor failed: handleRows must return an iterable of rows, not ${reason}`);
  });
});

describe('answers that no service gives', () => {
  test.each([false, true])('a row that is null, with documents: %s', async (includeDocs) => {
    const body = '{"total_rows":2,"rows":[{"id":"a","key":1,"value":null},null]}';
    await using bed = await ServiceBed.start({
      script: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    });
    for (const attempt of [
      () => queryAll(bed.bucket, 'd', 'v', { includeDocs }),
      () => all(new View(bed.bucket, 'd', 'v', { includeDocs })),
    ]) {
      const error = await failure(attempt);
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error.message).toBe('view d/v: a row of the answer is null, not an object');
    }
  });

  test.each([
    'null',
    '[]',
    '1',
    '{"rows":null}',
    '{"rows":{}}',
    '{"rows":[null]}',
    '{"rows":[{}]}',
    '{"rows":[{"doc":null}]}',
    '{"rows":[{"doc":{"meta":null,"json":{}}}]}',
    '{"rows":[{"doc":{"meta":{"id":1,"rev":"1"},"json":{}}}]}',
    '{"rows":[{"doc":{"meta":{"id":"_design/a","rev":"1"},"json":null}}]}',
  ])('a list of design documents that is %s', async (body) => {
    await using bed = await ServiceBed.start({
      script: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    });
    const error = await new DesignDocuments(bed.bucket).list().catch((thrown) => thrown);
    if (body === '[]') expect(error).toEqual([]);
    else expect(error).toBeInstanceOf(ProtocolError);
  });
});

describe('the asynchronous context of the caller', () => {
  const context = new AsyncLocalStorage<number>();

  test('is that of a handler of rows, on whichever connection they come', async () => {
    await using bed = await ServiceBed.start({
      query: 'max_http_connections=1',
      script: (response) => json(response, { total_rows: 1, rows: [{ id: 'a', key: 1, value: null }] }),
    });
    class Contexts extends Told {
      override onRows(): void {
        this.told.push(context.getStore());
      }
      override onDone(): void {
        this.told.push(context.getStore());
        super.onDone();
      }
    }
    const handlers = [1, 2, 3].map((id) => context.run(id, () => queryEx(bed.bucket, Contexts, 'd', 'v')));
    await Promise.all(handlers.map(({ ended }) => ended));
    expect(handlers.map(({ told }) => told)).toEqual([1, 2, 3].map((id) => [id, id, 'done']));
  });

  test('goes on after a Promise and in a loop, and a callback has it that is bound', async () => {
    await using cluster = await EmbeddedCluster.start();
    const { connectionString, username, password } = cluster;
    await using bucket = await connect(`${connectionString}/default`, { username, password });
    await bucket.upsert('a', 1);
    const seen = [1, 2, 3].map((id) =>
      context.run(id, async () => {
        await bucket.get('a');
        const found = [context.getStore()];
        for await (const _item of bucket.scan(prefixScan('a'))) found.push(context.getStore());
        const store = await new Promise((resolve, reject) => {
          bucket.raw.get('a').setCallbacks(
            AsyncLocalStorage.bind(() => resolve(context.getStore())),
            (_result, _errorClass, error) => reject(error),
          );
        });
        return [...found, store];
      }),
    );
    expect(await Promise.all(seen)).toEqual([1, 2, 3].map((id) => [id, id, id]));
  });
});
