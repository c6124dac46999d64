import { EmbeddedCluster } from '@cb/embedded';
import {
  BucketNotFoundError,
  DmlFailureError,
  InvalidArgumentError,
  MutationState,
  ParsingFailureError,
  PlanningFailureError,
  QueryProfileMode,
  QueryScanConsistency,
  QueryStatus,
  type Scope,
  UnambiguousTimeoutError,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

const BIRDS = [
  ['emu', 40_000],
  ['kakapo', 1500],
  ['kea', 900],
] as const;

let cluster: EmbeddedCluster;
let official: OfficialSdk;
let zoo: Scope;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, buckets: { default: { collections: { zoo: ['birds'] } } } });
  official = await OfficialSdk.connect(cluster);
  zoo = official.cluster.bucket('default').scope('zoo');
  for (const [name, weight] of BIRDS) {
    await zoo.collection('birds').upsert(name, { name, weight });
    await official.collection.upsert(name, { type: 'bird', name, weight });
  }
});

afterAll(async () => {
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

test('cluster.query finds documents, with their metadata', async () => {
  const { rows, meta } = await official.cluster.query(
    'SELECT d.name FROM default AS d WHERE d.type = "bird" ORDER BY d.weight',
    { clientContextId: 'mine', metrics: true },
  );
  expect(rows).toEqual([{ name: 'kea' }, { name: 'kakapo' }, { name: 'emu' }]);
  expect(meta).toMatchObject({ clientContextId: 'mine', status: QueryStatus.Success, signature: { name: 'json' } });
  expect(meta.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(meta.metrics).toMatchObject({ resultCount: 3, sortCount: 3, errorCount: 0, warningCount: 0 });
});

test('scope.query takes names of one part for its collections', async () => {
  const { rows } = await zoo.query('SELECT RAW b.name FROM birds AS b ORDER BY b.name');
  expect(rows).toEqual(['emu', 'kakapo', 'kea']);
});

test('parameters by place and by name', async () => {
  const positional = await zoo.query('SELECT RAW b.name FROM birds AS b WHERE b.weight > $1 ORDER BY b.name', {
    parameters: [1000],
  });
  expect(positional.rows).toEqual(['emu', 'kakapo']);
  const named = await zoo.query('SELECT RAW b.name FROM birds AS b WHERE b.name = $name', {
    parameters: { name: 'kea' },
  });
  expect(named.rows).toEqual(['kea']);
});

test('statements that are prepared', async () => {
  for (const weight of [1000, 2000, 50_000]) {
    const { rows } = await zoo.query('SELECT RAW COUNT(*) FROM birds AS b WHERE b.weight > $1', {
      adhoc: false,
      parameters: [weight],
    });
    expect(rows).toEqual([BIRDS.filter((bird) => bird[1] > weight).length]);
  }
});

test('a statement sees the mutations that it is consistent with', async () => {
  for (let count = 0; count < 5; count++) {
    const { token } = await official.collection.upsert(`token:${count}`, { type: 'token', count });
    const options = { consistentWith: new MutationState(token!) };
    const { rows } = await official.cluster.query('SELECT RAW COUNT(*) FROM default WHERE type = "token"', options);
    expect(rows).toEqual([count + 1]);
  }
  const scanConsistency = QueryScanConsistency.RequestPlus;
  const { rows } = await official.cluster.query('SELECT RAW COUNT(*) FROM default WHERE type = "token"', {
    scanConsistency,
  });
  expect(rows).toEqual([5]);
});

test('statements change documents, and documents keep their expiry if asked to', async () => {
  await official.collection.upsert('expiring', { seen: 0 }, { expiry: 1000 });
  const update = 'UPDATE default USE KEYS "expiring" SET seen = seen + 1';
  const { meta } = await official.cluster.query(update, { preserveExpiry: true, metrics: true });
  expect(meta.metrics?.mutationCount).toBe(1);
  const kept = await official.collection.get('expiring', { withExpiry: true });
  expect(kept.expiryTime).toBeGreaterThan(0);
  await official.cluster.query(update);
  const lost = await official.collection.get('expiring', { withExpiry: true });
  expect([lost.content, lost.expiryTime ?? 0]).toEqual([{ seen: 2 }, 0]);
});

test('rows and metadata come as events', async () => {
  const rows: unknown[] = [];
  const meta = await new Promise<{ readonly status: string }>((resolve, reject) => {
    const stream = zoo.query('SELECT RAW b.weight FROM birds AS b ORDER BY b.weight');
    stream.on('row', (row: unknown) => rows.push(row));
    stream.on('meta', resolve);
    stream.on('error', reject);
  });
  expect(rows).toEqual([900, 1500, 40_000]);
  expect(meta.status).toBe(QueryStatus.Success);
});

test('many long rows', async () => {
  const statement = 'SELECT r, REPEAT("x", 1000) AS text FROM ARRAY_RANGE(0, 5000) AS r';
  const { rows } = await official.cluster.query(statement);
  expect(rows).toHaveLength(5000);
  expect(rows[4999]).toEqual({ r: 4999, text: 'x'.repeat(1000) });
});

test('profiles are accepted', async () => {
  const { rows, meta } = await official.cluster.query('SELECT 1', { profile: QueryProfileMode.Timings });
  expect(rows).toEqual([{ $1: 1 }]);
  expect(meta.status).toBe(QueryStatus.Success);
});

describe('errors by class', () => {
  test.each([
    ['SELECT FROM', ParsingFailureError, 3000],
    ['SELECT name FROM default GROUP BY type', PlanningFailureError, 4210],
  ])('%s', async (statement, errorClass, code) => {
    const error = await rejection(official.cluster.query(statement));
    expect(error).toBeInstanceOf(errorClass);
    expect(error.cause).toMatchObject({ first_error_code: code });
  });

  test('a keyspace that is not there', async () => {
    const error = await rejection(zoo.query('SELECT 1 FROM bats'));
    // The SDK has one class for all parts of a path.
    expect(error).toBeInstanceOf(BucketNotFoundError);
    expect(error.cause).toMatchObject({ first_error_code: 12_003 });
  });

  test('a document that is there already', async () => {
    const error = await rejection(zoo.query('INSERT INTO birds VALUES ("emu", {})'));
    expect(error).toBeInstanceOf(DmlFailureError);
    expect(error.cause).toMatchObject({ first_error_code: 12_009 });
  });

  test('a change that is not allowed', async () => {
    const error = await rejection(zoo.query('DELETE FROM birds', { readOnly: true }));
    expect(error.cause).toMatchObject({ first_error_code: 1000 });
    expect((await zoo.query('SELECT RAW COUNT(*) FROM birds')).rows).toEqual([3]);
  });

  test('an unknown parameter', async () => {
    const error = await rejection(official.cluster.query('SELECT 1', { raw: { nope: 1 } }));
    expect(error).toBeInstanceOf(InvalidArgumentError);
  });

  test('a time that is over', async () => {
    const endless = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 100000) AS a, ARRAY_RANGE(0, 100000) AS b';
    const error = await rejection(official.cluster.query(endless, { timeout: 500, readOnly: true }));
    expect(error).toBeInstanceOf(UnambiguousTimeoutError);
  });
});
