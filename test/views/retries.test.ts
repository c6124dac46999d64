import { setTimeout as pause } from 'node:timers/promises';
import { type CouchbaseError, HttpError, TimeoutError } from '@cb/protocol';
import { failFast } from '@cb/raw';
import { queryAll, queryEx } from '@cb/views';
import { Recorder } from './recorder.js';
import { json, ServiceBed, type ServiceScript, viewRows } from './service-bed.js';

/** Refuses the first attempts, then answers. */
function refusing(times: number, status: number, body: object = { error: 'x', reason: 'y' }): ServiceScript {
  return (response, _request, attempt) => {
    if (attempt > times) json(response, { rows: viewRows(2) });
    else json(response, body, status);
  };
}

async function failure(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => {
      throw new Error('it should have failed');
    },
    (reason: CouchbaseError) => reason,
  );
}

describe('statuses that pass (SDK RFC 0049) are tried again', () => {
  test.each([300, 301, 302, 303, 307, 401, 408, 409, 412, 416, 417, 501, 502, 503, 504])('%i', async (status) => {
    await using bed = await ServiceBed.start({ script: refusing(3, status) });
    const rows = await queryAll(bed.bucket, 'd', 'v');
    expect([rows.length, bed.requests.length]).toEqual([2, 4]);
  });

  test.each<[number, object]>([
    [404, { error: 'not_found', reason: 'missing' }],
    [500, { error: 'case_clause', reason: 'x' }],
    [500, {}],
  ])('%i with %j', async (status, body) => {
    await using bed = await ServiceBed.start({ script: refusing(3, status, body) });
    const rows = await queryAll(bed.bucket, 'd', 'v');
    expect([rows.length, bed.requests.length]).toEqual([2, 4]);
  });
});

describe('other statuses are the outcome', () => {
  test.each<[number, object]>([
    [400, { error: 'bad_request', reason: 'x' }],
    [403, { error: 'forbidden', reason: 'x' }],
    [404, { error: 'not_found', reason: 'deleted' }],
    [405, {}],
    [500, { error: 'error', reason: '{not_found, missing_named_view}' }],
    [500, { error: 'error', reason: 'badarg' }],
    [505, {}],
  ])('%i with %j', async (status, body) => {
    await using bed = await ServiceBed.start({ script: refusing(1, status, body) });
    const error = await failure(queryAll(bed.bucket, 'd', 'v'));
    expect([error.status, error.attempts, bed.requests.length]).toEqual([status, 1, 1]);
  });
});

test('what is not likely to pass is the outcome after a while', async () => {
  await using bed = await ServiceBed.start({ script: refusing(100, 404, { error: 'not_found', reason: 'missing' }) });
  const startedAt = performance.now();
  const error = await failure(queryAll(bed.bucket, 'd', 'v'));
  expect(error).toMatchObject({ name: 'ViewNotFoundError', status: 404, retryReasons: ['views_temporary_failure'] });
  expect(error.attempts).toBe(bed.requests.length);
  expect(bed.requests.length).toBeGreaterThan(3);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('the strategy decides, except where the service itself asks for another attempt', async () => {
  await using bed = await ServiceBed.start({ script: refusing(1, 503) });
  const error = await failure(queryAll(bed.bucket, 'd', 'v', { retry: failFast }));
  expect(error).toBeInstanceOf(HttpError);
  expect([error.status, error.attempts]).toEqual([503, 1]);
  bed.script = refusing(3, 302);
  await expect(queryAll(bed.bucket, 'd', 'v', { retry: failFast })).resolves.toHaveLength(2);
  const asked: unknown[] = [];
  bed.requests.length = 0;
  bed.script = refusing(2, 503);
  await queryAll(bed.bucket, 'd', 'v', {
    retry: (request) => {
      asked.push([request.operation, request.reason, request.attempts, request.idempotent, request.error.status]);
      return 1;
    },
  });
  expect(asked).toEqual([1, 2].map((attempts) => ['view d/v', 'views_temporary_failure', attempts, true, 503]));
});

test('another attempt goes to another node', async () => {
  await using bed = await ServiceBed.start({
    nodes: 3,
    script: (response, { node }) => {
      if (node === 1) json(response, { rows: viewRows(2) });
      else json(response, {}, 302);
    },
  });
  for (let count = 0; count < 6; count++) {
    bed.requests.length = 0;
    await queryAll(bed.bucket, 'd', 'v');
    const asked = bed.requests.map(({ node }) => node);
    expect([asked.at(-1), new Set(asked).size]).toEqual([1, asked.length]);
  }
});

test('nodes take turns', async () => {
  await using bed = await ServiceBed.start({ nodes: 3, script: (response) => json(response, { rows: [] }) });
  for (let count = 0; count < 6; count++) await queryAll(bed.bucket, 'd', 'v');
  const counts = [0, 1, 2].map((node) => bed.requests.filter((request) => request.node === node).length);
  expect(counts).toEqual([2, 2, 2]);
});

describe('a connection that fails', () => {
  test('is followed by one to another node, at once', async () => {
    await using bed = await ServiceBed.start({ nodes: 2, script: (response) => json(response, { rows: viewRows(2) }) });
    bed.servers[0]!.close();
    for (let count = 0; count < 4; count++) {
      await expect(queryAll(bed.bucket, 'd', 'v', { retry: failFast })).resolves.toHaveLength(2);
    }
    expect(bed.requests.map(({ node }) => node)).toEqual([1, 1, 1, 1]);
  });

  test('everywhere is an error that says where', async () => {
    await using bed = await ServiceBed.start({ nodes: 2, script: () => {} });
    for (const server of bed.servers) server.close();
    const error = await failure(queryAll(bed.bucket, 'd', 'v', { retry: failFast }));
    expect(error).toMatchObject({ name: 'NetworkError', attempts: 2, retryReasons: ['socket_not_available'] });
    expect(error.message).toMatch(/^view d\/v failed, waiting for the answer of 127\.0\.0\.1:\d+: 127.* ECONNREFUSED/);
  });

  test('before the answer, and in it before its first row, is followed by another attempt', async () => {
    await using bed = await ServiceBed.start({
      script: async (response, _request, attempt) => {
        if (attempt === 1) response.destroy();
        else if (attempt === 2) {
          response.write('{"total_rows":2,"rows":[{"id":');
          await pause(30);
          response.destroy();
        } else json(response, { total_rows: 2, rows: viewRows(2) });
      },
    });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect([recorder.calls, recorder.received, bed.requests.length]).toEqual([['rows', 'done'], 2, 3]);
  });

  test('after rows that nobody has got yet, too', async () => {
    await using bed = await ServiceBed.start({
      script: async (response, _request, attempt) => {
        if (attempt > 1) {
          json(response, { total_rows: 2, rows: viewRows(2) });
          return;
        }
        response.write(`{"rows":[${JSON.stringify(viewRows(1)[0])}`);
        await pause(30);
        response.destroy();
      },
    });
    const rows = await queryAll(bed.bucket, 'd', 'v');
    expect([rows.length, rows.rowsReturned, bed.requests.length]).toEqual([2, 2, 2]);
  });

  test('because it was idle for long is not noticed', async () => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, { rows: viewRows(2) }) });
    await queryAll(bed.bucket, 'd', 'v');
    bed.servers[0]!.closeIdleConnections();
    await expect(queryAll(bed.bucket, 'd', 'v')).resolves.toHaveLength(2);
  });

  test('an answer that is not HTTP is not tried again', async () => {
    await using bed = await ServiceBed.start({ script: (response) => void response.socket?.end('what?\r\n\r\n') });
    const error = await failure(queryAll(bed.bucket, 'd', 'v'));
    expect([error.name, bed.requests.length]).toEqual(['ProtocolError', 1]);
  });
});

describe('a deadline tells what was known', () => {
  test('while the server is silent', async () => {
    await using bed = await ServiceBed.start({ script: () => {} });
    const error = await failure(queryAll(bed.bucket, 'd', 'v', { timeout: 100 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe(`view d/v did not end within 100 ms: waiting for the answer of ${bed.nameOf(0)}`);
    expect(error).toMatchObject({ attempts: 1, node: bed.nameOf(0), ambiguous: false });
  });

  test('in the middle of the rows', async () => {
    await using bed = await ServiceBed.start({
      script: (response) => void response.write(`{"rows":[${JSON.stringify(viewRows(1)[0])}`),
    });
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v', { timeout: 150 });
    await recorder.ended;
    expect(recorder.calls).toEqual(['rows', 'error', 'done']);
    expect(recorder.failure?.message).toMatch(
      /^view d\/v did not end within 150 ms: reading the answer of .*; 1 rows were delivered, from \d+ bytes$/,
    );
  });

  test('between two attempts', async () => {
    await using bed = await ServiceBed.start({ script: refusing(100, 503) });
    const error = await failure(queryAll(bed.bucket, 'd', 'v', { timeout: 300, retry: () => 100 }));
    expect(error).toMatchObject({ status: 503, retryReasons: ['views_temporary_failure'] });
    expect(error.message).toContain('answered with HTTP status 503');
  });

  test('of the connection string', async () => {
    await using bed = await ServiceBed.start({ script: () => {}, query: 'view_timeout=100ms' });
    await expect(queryAll(bed.bucket, 'd', 'v')).rejects.toThrow('did not end within 100 ms');
  });
});

describe('at most so many connections to a node', () => {
  /** Answers when it is told to. */
  function manual(): { readonly script: ServiceScript; readonly waiting: (() => void)[] } {
    const waiting: (() => void)[] = [];
    return { waiting, script: (response) => void waiting.push(() => json(response, { rows: [] })) };
  }

  test('the rest waits, by priority', async () => {
    const { script, waiting } = manual();
    await using bed = await ServiceBed.start({ script, query: 'max_http_connections=2' });
    const ask = (skip: number, priority: number): Promise<unknown> =>
      queryAll(bed.bucket, 'd', 'v', { skip, priority });
    const all = [ask(0, 0), ask(1, 0), ask(2, 0), ask(3, 5), ask(4, 1)];
    for (let answered = 0; answered < all.length; answered++) {
      while (waiting.length === 0) await pause(5);
      await pause(20);
      expect(waiting.length).toBeLessThanOrEqual(2);
      waiting.shift()!();
    }
    await Promise.all(all);
    const order = bed.requests.map(({ url }) => Number(url.at(-1)));
    expect([order.slice(0, 2).sort(), order.slice(2)]).toEqual([
      [0, 1],
      [3, 4, 2],
    ]);
  });

  test('a caller that gives up waiting is gone at once', async () => {
    const { script, waiting } = manual();
    await using bed = await ServiceBed.start({ script, query: 'max_http_connections=1' });
    const first = queryAll(bed.bucket, 'd', 'v');
    while (waiting.length === 0) await pause(5);
    const controller = new AbortController();
    const second = queryAll(bed.bucket, 'd', 'v', { signal: controller.signal });
    const third = queryAll(bed.bucket, 'd', 'v', { timeout: 100 });
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(third).rejects.toThrow(
      `view d/v did not end within 100 ms: waiting for one of the 1 connections to ${bed.nameOf(0)}`,
    );
    waiting.shift()!();
    await first;
    expect(bed.requests).toHaveLength(1);
  });
});
