import { setTimeout as pause } from 'node:timers/promises';
import { Bucket } from '@cb/promise';
import {
  ArgumentError,
  type CouchbaseError,
  MutationToken,
  N1QLError,
  QueryParsingError,
  TimeoutError,
} from '@cb/protocol';
import { AsyncN1QLRequest, MutationState, N1QLQuery, n1qlQueryAll, n1qlQueryEx, queryContext } from '@cb/views';
import { json, type ReceivedRequest, ServiceBed, type ServiceScript } from './service-bed.js';

/** The answers of the query service's REST reference, "Query service REST API", shortened. */
const success = {
  requestID: '922edd9f-cc9d-4c8b-93ae-3ecf54b01b12',
  clientContextID: 'context',
  signature: { name: 'json' },
  results: [{ name: 'Medway Youth Hostel' }, { name: 'The Balmoral Guesthouse' }],
  status: 'success',
  metrics: { elapsedTime: '12.77927ms', executionTime: '12.696875ms', resultCount: 2, resultSize: 44, serviceLoad: 2 },
};
const syntaxError = {
  requestID: 'b80c4b9f-c3d4-4c9d-8a36-b2f5d9e5d0c3',
  errors: [{ code: 3000, msg: 'syntax error - line 1, column 1, near: <~SELEC~>' }],
  status: 'fatal',
  metrics: { elapsedTime: '1.1ms', executionTime: '1.0ms', resultCount: 0, resultSize: 0, errorCount: 1 },
};
const plan = { name: '[127.0.0.1:8091]pricy_hotel', encoded_plan: 'H4sIAAAAAAAA/6SST2' };

function bodyOf(request: ReceivedRequest | undefined): Record<string, unknown> {
  return JSON.parse(request?.body ?? '{}');
}

function answering(...answers: readonly (readonly [object, number?])[]): ServiceScript {
  return (response, _request, attempt) => {
    const [body, status] = answers[Math.min(attempt, answers.length) - 1]!;
    json(response, body, status);
  };
}

test('all rows, with what is known about them', async () => {
  await using bed = await ServiceBed.start({ script: answering([success]) });
  const rows = await n1qlQueryAll<{ name: string }>(bed.bucket, 'SELECT name FROM hotel');
  expect([...rows]).toEqual(success.results);
  expect(rows).toMatchObject({ length: 2, rowsReturned: 2, errors: [], warnings: [] });
  expect(rows.metrics).toMatchObject({ elapsedMs: 12.77927, executionMs: 12.696875, resultCount: 2, resultSize: 44 });
  expect(rows.metadata).toMatchObject({ requestId: success.requestID, clientContextId: 'context', status: 'success' });
  expect(rows.singleResult?.name).toBe('Medway Youth Hostel');
  expect(rows.meta).toMatchObject({ requestID: success.requestID, status: 'success', signature: { name: 'json' } });
  expect(bed.requests).toMatchObject([{ method: 'POST', url: '/query/service' }]);
  expect(bodyOf(bed.requests[0])).toEqual({
    statement: 'SELECT name FROM hotel',
    timeout: '75000ms',
    client_context_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test('every option, by the name of the service', async () => {
  await using bed = await ServiceBed.start({ script: answering([success]) });
  const positional = new N1QLQuery('SELECT $1', {
    parameters: ['é', 12345678901234567890n],
    consistency: 'request_plus',
    scanWait: 100,
    readonly: true,
    profile: 'timings',
    metrics: false,
    scanCap: 1,
    pipelineBatch: 2,
    pipelineCap: 3,
    maxParallelism: 4,
    clientContextId: 'mine',
    queryContext: queryContext('travel-sample', 'inven`tory'),
    preserveExpiry: true,
    useReplica: false,
    raw: { use_cbo: false },
  });
  await n1qlQueryAll(bed.bucket, positional, { timeout: 1234 });
  expect(bed.requests[0]!.body).toContain('"args":["é",12345678901234567890]');
  expect(bodyOf(bed.requests[0])).toEqual({
    statement: 'SELECT $1',
    args: ['é', 12345678901234567000],
    scan_consistency: 'request_plus',
    scan_wait: '100ms',
    readonly: true,
    profile: 'timings',
    metrics: false,
    scan_cap: '1',
    pipeline_batch: '2',
    pipeline_cap: '3',
    max_parallelism: '4',
    query_context: 'default:`travel-sample`.`inven``tory`',
    preserve_expiry: true,
    use_replica: 'off',
    use_cbo: false,
    timeout: '1234ms',
    client_context_id: 'mine',
  });
  const named = new N1QLQuery('SELECT $a, $b', { parameters: { a: 1, $b: [2] } });
  expect(JSON.parse(named.encoded)).toEqual({ statement: 'SELECT $a, $b', $a: 1, $b: [2] });
});

test('mutations that must be seen', () => {
  const state = new MutationState(
    new MutationToken('default', 3, 2748n, 7n),
    new MutationToken('default', 3, 2748n, 9n),
    new MutationToken('default', 3, 2748n, 8n),
    new MutationToken('other', 1, 4294967296n, 4294967296n),
  );
  const { encoded } = new N1QLQuery('SELECT 1', { consistentWith: state });
  expect(JSON.parse(encoded)).toMatchObject({
    scan_consistency: 'at_plus',
    scan_vectors: { default: { 3: [9, '2748'] }, other: { 1: [4294967296, '4294967296'] } },
  });
  expect(() => new MutationState().add({ mutationToken: undefined } as never)).toThrow(
    'there is no mutation token in an object',
  );
});

describe('misuse', () => {
  test.each<[string, () => unknown]>([
    ['statement must be a string', () => new N1QLQuery(' ')],
    ['a N1QLQuery has no option "limit"', () => new N1QLQuery('SELECT 1', { limit: 1 } as never)],
    ['parameters must be an array or an object', () => new N1QLQuery('SELECT 1', { parameters: 'x' as never })],
    ['consistency must be one of', () => new N1QLQuery('SELECT 1', { consistency: 'ok' as never })],
    ['profile must be one of', () => new N1QLQuery('SELECT 1', { profile: 'on' as never })],
    ['readonly must be true or false', () => new N1QLQuery('SELECT 1', { readonly: 1 as never })],
    ['preserveExpiry must be true or false', () => new N1QLQuery('SELECT 1', { preserveExpiry: 'yes' as never })],
    ['useReplica must be true or false', () => new N1QLQuery('SELECT 1', { useReplica: 'on' as never })],
    ['queryContext must be a string that is not empty', () => new N1QLQuery('SELECT 1', { queryContext: '' })],
    ['clientContextId must be a string', () => new N1QLQuery('SELECT 1', { clientContextId: 1 as never })],
    ['scope must be a string that is not empty', () => queryContext('b', '')],
    ['has a queryContext', () => new N1QLQuery('SELECT 1', { queryContext: 'a.b' }).within('a', 'c')],
    ['scanCap must be a whole number', () => new N1QLQuery('SELECT 1', { scanCap: -1 })],
    [
      'consistentWith must be a MutationState',
      () => new N1QLQuery('SELECT 1', { consistentWith: new MutationState() }),
    ],
    [
      'consistentWith cannot be combined with consistency',
      () =>
        new N1QLQuery('SELECT 1', {
          consistency: 'request_plus',
          consistentWith: new MutationState(new MutationToken('b', 0, 1n, 1n)),
        }),
    ],
  ])('%s', (message, make) => {
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(message);
  });

  test('of the request', async () => {
    await using bed = await ServiceBed.start({ script: () => {} });
    await expect(n1qlQueryAll(bed.bucket, 'SELECT 1', { limit: 1 } as never)).rejects.toThrow(
      'a query has no option "limit"',
    );
    await expect(n1qlQueryAll(bed.bucket, 'SELECT 1', { rowFactory: 1 as never })).rejects.toThrow(
      'rowFactory must be',
    );
    expect(() => n1qlQueryEx(bed.bucket, Map as never, 'SELECT 1')).toThrow('a subclass of AsyncN1QLRequest');
  });
});

test('rows come to a handler as they arrive, and through a factory', async () => {
  await using bed = await ServiceBed.start({
    script: async (response) => {
      response.write('{"requestID":"x","results":[ {"a":1},');
      await pause(30);
      response.end(' {"a":2} ],"status":"success"}');
    },
  });
  const calls: unknown[] = [];
  await new Promise<void>((resolve) => {
    class Handler extends AsyncN1QLRequest<number> {
      onRows(rows: Iterable<number>): void {
        calls.push([...rows]);
      }
      onError(error: CouchbaseError): void {
        calls.push(error);
      }
      onDone(): void {
        calls.push(this.meta['status']);
        resolve();
      }
    }
    n1qlQueryEx(bed.bucket, Handler, 'SELECT a', { rowFactory: (row) => (row as { a: number }).a });
  });
  expect(calls).toEqual([[1], [2], 'success']);
});

describe('failures', () => {
  test.each([400, 200])('in an answer with status %i', async (status) => {
    await using bed = await ServiceBed.start({ script: answering([syntaxError, status]) });
    const error = (await n1qlQueryAll(bed.bucket, 'SELEC').catch((reason: unknown) => reason)) as N1QLError;
    expect(error).toBeInstanceOf(N1QLError);
    expect(error).toBeInstanceOf(QueryParsingError);
    expect(error).toMatchObject({ n1qlErrcode: 3000, context: syntaxError.errors[0]!.msg, node: bed.nameOf(0) });
    expect(error.message).toBe(`query SELEC failed with 3000: ${syntaxError.errors[0]!.msg}`);
  });

  test('after rows', async () => {
    await using bed = await ServiceBed.start({
      script: answering([{ ...success, errors: [{ code: 5010, msg: 'index scan failed' }], status: 'errors' }]),
    });
    const rows: unknown[] = [];
    const bucket = new Bucket(bed.connectionString);
    const read = async (): Promise<void> => {
      for await (const row of bucket.n1qlQuery('SELECT 1')) rows.push(row);
    };
    await expect(read()).rejects.toThrow('query SELECT 1 failed with 5010: index scan failed');
    expect(rows).toEqual(success.results);
    bucket.destroy();
  });

  test.each([
    [{ errors: [{ code: 13014, msg: 'User does not have credentials' }], status: 'fatal' }, 401, 'AuthError'],
    [{ errors: [{ code: 1080, msg: 'Timeout 1s exceeded' }], status: 'timeout' }, 200, 'TimeoutError'],
    [{ status: 'stopped', results: [] }, 200, 'N1QLError'],
    [{}, 418, 'HttpError'],
  ])('%j', async (body, status, name) => {
    await using bed = await ServiceBed.start({ script: answering([body, status]) });
    await expect(n1qlQueryAll(bed.bucket, 'SELECT 1')).rejects.toMatchObject({ name });
  });

  test('a node that is not ready is asked again', async () => {
    await using bed = await ServiceBed.start({ script: answering([{}, 503], [success]) });
    await expect(n1qlQueryAll(bed.bucket, 'SELECT 1')).resolves.toHaveLength(2);
  });

  test('a statement that may have changed something is not sent twice', async () => {
    await using bed = await ServiceBed.start({ script: (response) => void response.destroy() });
    await expect(n1qlQueryAll(bed.bucket, 'DELETE FROM x')).rejects.toMatchObject({
      name: 'NetworkError',
      ambiguous: true,
      attempts: 1,
    });
    bed.script = (response, _request, attempt) => (attempt > 2 ? json(response, success) : void response.destroy());
    await expect(n1qlQueryAll(bed.bucket, new N1QLQuery('SELECT 1', { readonly: true }))).resolves.toHaveLength(2);
  });

  test('a deadline that passes may leave a change behind', async () => {
    await using bed = await ServiceBed.start({ script: () => {} });
    const error: unknown = await n1qlQueryAll(bed.bucket, 'DELETE FROM x', { timeout: 50 }).catch((reason) => reason);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ ambiguous: true });
  });

  test('a cluster without the service says so', async () => {
    await using bed = await ServiceBed.start({ script: () => {}, config: { nodesExt: [{ services: { kv: 1 } }] } });
    await expect(n1qlQueryAll(bed.bucket, 'SELECT 1')).rejects.toThrow(
      'no node of the cluster offers the service "query"',
    );
  });
});

describe('prepared statements', () => {
  const query = new N1QLQuery('SELECT $1', { adhoc: false, parameters: [1] });
  const enhanced = { clusterCapabilities: { n1ql: ['enhancedPreparedStatements'] } };

  test('are prepared and executed in one, and later asked for by name', async () => {
    await using bed = await ServiceBed.start({
      script: answering([{ ...success, prepared: plan.name }]),
      config: enhanced,
    });
    for (let count = 0; count < 3; count++) await expect(n1qlQueryAll(bed.bucket, query)).resolves.toHaveLength(2);
    expect(bed.requests.map(bodyOf)).toMatchObject([
      { statement: 'PREPARE SELECT $1', auto_execute: true, args: [1] },
      { prepared: plan.name, args: [1] },
      { prepared: plan.name, args: [1] },
    ]);
    expect(bodyOf(bed.requests[1])).not.toHaveProperty('statement');
  });

  test('of older services are prepared first, and the plan is passed along', async () => {
    await using bed = await ServiceBed.start({
      script: answering([{ ...success, results: [plan] }], [success]),
    });
    for (let count = 0; count < 2; count++) await n1qlQueryAll(bed.bucket, query);
    expect(bed.requests.map(bodyOf)).toMatchObject([
      { statement: 'PREPARE SELECT $1' },
      { prepared: plan.name, encoded_plan: plan.encoded_plan, args: [1] },
      { prepared: plan.name, encoded_plan: plan.encoded_plan, args: [1] },
    ]);
  });

  test.each([4040, 4050, 4070])('that do not work any more (%i) are prepared again, once', async (code) => {
    const gone = { errors: [{ code, msg: 'No such prepared statement' }], status: 'fatal' };
    await using bed = await ServiceBed.start({
      script: answering([{ ...success, prepared: 'p1' }], [gone, 404], [{ ...success, prepared: 'p2' }], [success]),
      config: enhanced,
    });
    for (let count = 0; count < 3; count++) await expect(n1qlQueryAll(bed.bucket, query)).resolves.toHaveLength(2);
    const seen = bed.requests.map(bodyOf).map(({ statement, prepared }) => statement ?? prepared);
    expect(seen).toEqual(['PREPARE SELECT $1', 'p1', 'PREPARE SELECT $1', 'p2']);
    bed.script = answering([gone, 404]);
    await expect(n1qlQueryAll(bed.bucket, query)).rejects.toMatchObject({ n1qlErrcode: code });
  });

  test.each([{ clusterCapabilities: { n1ql: ['enhancedPreparedStatements'] } }, {}])(
    'of one text are others in another scope, with %j',
    async (config) => {
      await using bed = await ServiceBed.start({
        script: answering([{ ...success, prepared: plan.name, results: [plan] }]),
        config,
      });
      for (const scope of ['a', 'b', 'a', 'b']) await n1qlQueryAll(bed.bucket, query.within('default', scope));
      const prepares = bed.requests.map(bodyOf).filter(({ statement }) => statement !== undefined);
      expect(prepares).toMatchObject([
        { statement: 'PREPARE SELECT $1', query_context: 'default:`default`.`a`' },
        { statement: 'PREPARE SELECT $1', query_context: 'default:`default`.`b`' },
      ]);
    },
  );

  test('that cannot be prepared fail as they are', async () => {
    await using bed = await ServiceBed.start({ script: answering([syntaxError, 400]) });
    await expect(n1qlQueryAll(bed.bucket, query)).rejects.toMatchObject({ n1qlErrcode: 3000 });
    bed.script = answering([{ ...success, results: [] }]);
    await expect(n1qlQueryAll(bed.bucket, query)).rejects.toThrow('was prepared without a name');
  });
});
