import { ArgumentError, AuthError, HttpError, MetadataNotReadyError, ViewEngineError } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { BatchedView, queryAll, RowProcessor, View, ViewQuery, ViewRow } from '@cb/views';
import { json, ServiceBed, viewRows } from './service-bed.js';

/** A bed whose views have three rows. */
function threeRows(): Promise<ServiceBed> {
  return ServiceBed.start({ script: (response) => json(response, { total_rows: 3, rows: viewRows(3) }) });
}

test('all rows, and the metadata at once', async () => {
  await using bed = await threeRows();
  const rows = await queryAll(bed.bucket, 'd', 'v', { debug: true });
  expect(rows).toBeInstanceOf(BatchedView);
  expect(rows).toHaveLength(3);
  expect([...rows]).toEqual([0, 1, 2].map((key) => new ViewRow(key, null, `document-${key}`, undefined)));
  expect([...rows]).toHaveLength(3);
  expect(rows).toMatchObject({ indexedRows: 3, errors: [], debugInfo: undefined, rowsReturned: 3 });
  expect(rows.raw).toMatchObject({
    value: { total_rows: 3, rows: [] },
    httpStatus: 200,
    headers: { 'content-type': 'application/json' },
    node: bed.nameOf(0),
    done: true,
  });
  const again: unknown[] = [];
  for await (const row of rows) again.push(row);
  expect(again).toEqual([...rows]);
});

test('collected rows can be read in loops, any number of times, and in batches', async () => {
  await using bed = await threeRows();
  const rows = await queryAll(bed.bucket, 'd', 'v');
  for (let times = 0; times < 2; times++) {
    const each: unknown[] = [];
    const batches: unknown[] = [];
    for await (const row of rows) each.push(row);
    for await (const batch of rows.batches()) batches.push(batch);
    expect(each).toEqual(rows.rows);
    expect(batches).toEqual([rows.rows]);
  }
});

test('the request is what the service expects', async () => {
  await using bed = await threeRows();
  await queryAll(bed.bucket, 'd/é', 'v w', { limit: 3, stale: false, startkey: ['a'] });
  expect(bed.requests).toMatchObject([
    {
      method: 'GET',
      url: '/default/_design/d%2F%C3%A9/_view/v%20w?limit=3&stale=false&startkey=%5B%22a%22%5D',
      headers: {
        host: bed.nameOf(0),
        authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
        accept: 'application/json',
        'user-agent': expect.stringMatching(/^cb\//),
      },
      body: '',
    },
  ]);
});

test('long lists of keys travel in a body', async () => {
  await using bed = await threeRows();
  const keys = Array.from({ length: 1000 }, (_none, index) => `key-${index}`);
  await queryAll(bed.bucket, 'd', 'v', { keys, limit: 3 });
  expect(bed.requests).toMatchObject([
    { method: 'POST', url: '/default/_design/d/_view/v?limit=3', headers: { 'content-type': 'application/json' } },
  ]);
  expect(JSON.parse(bed.requests[0]!.body)).toEqual({ keys });
});

test('design documents in development', async () => {
  await using bed = await threeRows();
  await queryAll(bed.bucket, 'd', 'v', { useDevmode: true });
  await queryAll(bed.bucket, 'dev_d', 'v', { useDevmode: true, fullSet: true });
  expect(bed.requests.map(({ url }) => url)).toEqual([
    '/default/_design/dev_d/_view/v',
    '/default/_design/dev_d/_view/v?full_set=true',
  ]);
});

test('a query instead of its options, and a string', async () => {
  await using bed = await threeRows();
  const query = new ViewQuery({ limit: 7 });
  const rows = await queryAll(bed.bucket, 'd', 'v', { query });
  expect(rows.query).not.toBe(query);
  await queryAll(bed.bucket, 'd', 'v', { query: 'limit=8' });
  await queryAll(bed.bucket, 'd', 'v', { startRange: [1], endRange: [2] });
  expect(bed.requests.map(({ url }) => url)).toEqual([
    '/default/_design/d/_view/v?limit=7',
    '/default/_design/d/_view/v?limit=8&',
    '/default/_design/d/_spatial/v?start_range=%5B1%5D&end_range=%5B2%5D',
  ]);
});

test('a timeout is passed on to the server', async () => {
  await using bed = await threeRows();
  await queryAll(bed.bucket, 'd', 'v', { timeout: 5000 });
  await queryAll(bed.bucket, 'd', 'v', { timeout: 5000, connectionTimeout: 1000 });
  expect(bed.requests.map(({ url }) => url)).toEqual([
    '/default/_design/d/_view/v?connection_timeout=5000',
    '/default/_design/d/_view/v?connection_timeout=1000',
  ]);
});

test('connections are used again', async () => {
  await using bed = await threeRows();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  for (let count = 0; count < 20; count++) await queryAll(bed.bucket, 'd', 'v');
  expect(new Set(bed.requests.map(({ port }) => port)).size).toBe(1);
  // Node warns of listeners that pile up.
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('connections are closed with the bucket', async () => {
  await using bed = await threeRows();
  await queryAll(bed.bucket, 'd', 'v');
  const count = (): Promise<number> =>
    new Promise((resolve, reject) => {
      bed.servers[0]!.getConnections((error, open) => (error === null ? resolve(open) : reject(error)));
    });
  expect(await count()).toBe(1);
  await new Promise((resolve, reject) => bed.bucket.close().setCallbacks(resolve, reject));
  while ((await count()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('many at once', async () => {
  await using bed = await threeRows();
  const all = await Promise.all(Array.from({ length: 100 }, (_none, skip) => queryAll(bed.bucket, 'd', 'v', { skip })));
  expect(all.map((rows) => rows.length)).toEqual(all.map(() => 3));
  expect(new Set(bed.requests.map(({ port }) => port)).size).toBeLessThanOrEqual(32);
});

test('a row processor of one’s own, and a class of rows', async () => {
  await using bed = await threeRows();
  const handled: unknown[] = [];
  const rows = await queryAll<string>(bed.bucket, 'd', 'v', {
    rowProcessor: {
      handleRows(given, connection, includeDocs) {
        handled.push(connection, includeDocs);
        return given.filter(({ key }) => key !== 1).map(({ id }) => String(id));
      },
    },
  });
  expect([[...rows], rows.rowsReturned, handled]).toEqual([['document-0', 'document-2'], 3, [bed.bucket, false]]);

  class Upper {
    readonly name: string;
    constructor(_key: unknown, _value: unknown, docid: string | undefined) {
      this.name = String(docid).toUpperCase();
    }
  }
  const named = await queryAll(bed.bucket, 'd', 'v', { rowProcessor: new RowProcessor(Upper) });
  expect([...named].map(({ name }) => name)).toEqual(['DOCUMENT-0', 'DOCUMENT-1', 'DOCUMENT-2']);
});

test('a row processor that throws fails the query', async () => {
  await using bed = await threeRows();
  const handleRows = (): never => {
    throw new TypeError('oops');
  };
  await expect(queryAll(bed.bucket, 'd', 'v', { rowProcessor: { handleRows } })).rejects.toMatchObject({
    name: 'ValueFormatError',
    message: 'the row processor failed: oops',
    cause: expect.any(TypeError),
  });
});

test('reduced rows have neither document nor index', async () => {
  await using bed = await ServiceBed.start({
    script: (response) => json(response, { rows: [{ key: null, value: 7 }] }),
  });
  const rows = await queryAll(bed.bucket, 'd', 'v');
  expect([...rows]).toEqual([new ViewRow(null, 7, undefined, undefined)]);
  expect(rows.indexedRows).toBe(0);
});

describe('misuse rejects, and nothing is sent', () => {
  test.each<[string, unknown[]]>([
    ['design must be a string', ['', 'v']],
    ['view must be a string', ['d', undefined]],
    ['a query has no option "foo"', ['d', 'v', { foo: 1 }]],
    ['did you mean includeDocs\\?', ['d', 'v', { include_docs: true }]],
    ['it takes timeout, signal, .*includeDocs', ['d', 'v', { includeDoc: true }]],
    ['limit must be a number', ['d', 'v', { limit: 'x' }]],
    ['query cannot be combined with its options \\(limit\\)', ['d', 'v', { query: 'a=1', limit: 1 }]],
    ['includeDocs is not possible with reduce', ['d', 'v', { includeDocs: true, reduce: true }]],
    ['rowsPerCall must be a whole number from -1', ['d', 'v', { rowsPerCall: -2 }]],
    ['timeout must be a number of milliseconds', ['d', 'v', { timeout: 0 }]],
    ['signal must be an AbortSignal', ['d', 'v', { signal: {} }]],
    ['priority must be a number', ['d', 'v', { priority: 'high' }]],
    ['rowProcessor must have the method handleRows', ['d', 'v', { rowProcessor: {} }]],
    ['the options of a view must be an object', ['d', 'v', 'limit=5']],
    ['have 3000 characters; at most 2048', ['d', 'v', { query: 'x'.repeat(2999) }]],
    ['contain characters that are invalid in a URL', ['d', 'v', { query: 'a b' }]],
  ])('%s', async (message, args) => {
    await using bed = await threeRows();
    const rejected = queryAll(bed.bucket, ...(args as [string, string]));
    await expect(rejected).rejects.toThrow(ArgumentError);
    await expect(rejected).rejects.toThrow(new RegExp(message));
    expect(bed.requests).toEqual([]);
  });
});

describe('errors within an answer', () => {
  test.each<[what: string, errors: object, failures: object[]]>([
    ['a list', { errors: [{ from: 'n1', reason: 'timeout' }] }, [{ from: 'n1', reason: 'timeout' }]],
    [
      'an object',
      { errors: { n1: 'timeout', n2: 'gone' } },
      [
        { from: 'n1', reason: 'timeout' },
        { from: 'n2', reason: 'gone' },
      ],
    ],
    ['one for all', { error: 'case_clause', reason: 'x' }, [{ from: '', reason: 'case_clause: x' }]],
  ])('%s', async (_what, errors, failures) => {
    await using bed = await ServiceBed.start({
      script: (response) => json(response, { total_rows: 3, rows: viewRows(2), ...errors }),
    });
    const error = await queryAll(bed.bucket, 'd', 'v').catch((reason: ViewEngineError) => reason);
    expect(error).toBeInstanceOf(ViewEngineError);
    expect(error).toMatchObject({ failures, context: (failures[0] as { reason: string }).reason, node: bed.nameOf(0) });
    const rows = await queryAll(bed.bucket, 'd', 'v', { onError: 'continue' });
    expect([rows.length, rows.errors, bed.requests[1]!.url.endsWith('?on_error=continue')]).toEqual([
      2,
      failures,
      true,
    ]);
  });
});

describe('an answer that is not a success is an error that tells', () => {
  test.each([
    [404, { error: 'not_found', reason: 'deleted' }, 'ViewNotFoundError', 'view d/v does not exist: deleted'],
    [400, { error: 'query_parse_error', reason: 'bad limit' }, 'HttpError', 'query_parse_error: bad limit'],
    [403, { error: 'forbidden', reason: 'no' }, 'AccessError', 'forbidden: no'],
    [500, { error: 'x', reason: '{not_found, missing_named_view}' }, 'ViewNotFoundError', 'missing_named_view'],
    [500, { error: 'error', reason: 'badarg' }, 'HttpError', 'status 500'],
  ])('%i %j', async (status, body, name, message) => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, body, status) });
    const error: unknown = await queryAll(bed.bucket, 'd', 'v').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name, status, attempts: 1, node: bed.nameOf(0), operation: 'view d/v' });
    expect((error as HttpError).message).toContain(message);
    expect((error as HttpError).context).toBe(`${body.error}: ${body.reason}`);
  });

  test('the body is kept', async () => {
    await using bed = await ServiceBed.start({
      script: (response) => void response.writeHead(418).end('x'.repeat(100_000)),
    });
    const error = (await queryAll(bed.bucket, 'd', 'v').catch((reason: unknown) => reason)) as HttpError;
    expect(error).toBeInstanceOf(HttpError);
    expect(error.body).toBe('x'.repeat(4096));
    expect(error.message.length).toBeLessThan(400);
  });
});

test('connecting that fails is the outcome', async () => {
  await using bed = await threeRows();
  const { port } = new URL(`http://${bed.nameOf(0)}`);
  const bucket = new RawBucket(`couchbase://127.0.0.1:${port}/default`, { connectTimeout: 1000 });
  await expect(queryAll(bucket, 'd', 'v')).rejects.toMatchObject({ name: 'ConnectError' });
  // The same as often as it is asked for.
  await expect(queryAll(bucket, 'd', 'v')).rejects.toMatchObject({ name: 'ConnectError' });
});

test('a bucket whose nodes serve no views says so', async () => {
  await using bed = await ServiceBed.start({
    script: () => {},
    config: { nodesExt: [{ services: { kv: 1 } }] },
  });
  await expect(queryAll(bed.bucket, 'd', 'v')).rejects.toMatchObject({
    name: 'FeatureNotAvailableError',
    message: 'no node of the cluster offers the service "views"',
  });
});

test('a bucket of a kind that has no views says so', async () => {
  await using bed = await ServiceBed.start({ script: () => {}, config: { bucketCapabilities: ['cccp', 'xattr'] } });
  await expect(queryAll(bed.bucket, 'd', 'v')).rejects.toThrow(
    'the bucket "default" has no views: its type does not support them',
  );
  expect(bed.requests).toEqual([]);
});

test('what is known only at the end is not known before', async () => {
  await using bed = await threeRows();
  const view = new View(bed.bucket, 'd', 'v');
  expect(() => view.indexedRows).toThrow(MetadataNotReadyError);
  expect(() => view.errors).toThrow('the answer to view d/v has not come to its end');
  expect(view.raw).toMatchObject({ value: undefined, httpStatus: 0, done: false });
});

test('a wrong password', async () => {
  await using bed = await ServiceBed.start({
    script: (response) => json(response, { error: 'unauthorized', reason: 'no' }, 401),
    bucket: { retry: () => undefined },
  });
  await expect(queryAll(bed.bucket, 'd', 'v')).rejects.toThrow(AuthError);
});
