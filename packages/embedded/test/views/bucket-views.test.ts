import { tombstone } from '../../src/store/document.js';
import { draft } from '../store/fixtures.js';
import { ManualClock } from '../store/manual-clock.js';
import { ViewCluster } from './view-cluster.js';

const MAP = 'function (doc, meta) { emit(doc.n, meta.id); }';

describe('stale', () => {
  test('false sees everything that was written before, the others only what is indexed', async () => {
    await using views = await ViewCluster.start({ nodes: 2 });
    await views.define('d', { v: MAP });
    views.fill(2);
    expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd1']);
    views.bucket.put('d2', { n: 2 });
    expect(await views.ids('d/v?stale=ok')).toEqual(['d0', 'd1']);
    expect(await views.ids('d/v?stale=ok')).toEqual(['d0', 'd1']);
    expect(await views.ids('d/v?stale=update_after')).toEqual(['d0', 'd1']);
    await waitFor(async () => (await views.ids('d/v?stale=ok')).length === 3);
    views.bucket.put('d3', { n: 3 });
    // Without `stale` it is updated after, too.
    expect(await views.ids('d/v')).toEqual(['d0', 'd1', 'd2']);
    await waitFor(async () => (await views.ids('d/v?stale=ok')).length === 4);
    expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd1', 'd2', 'd3']);
  });

  test.each(['ok', 'update_after'])('%s waits for an index that was never built', async (stale) => {
    await using views = await ViewCluster.start();
    await views.define('d', { v: MAP });
    views.fill(2);
    expect(await views.ids(`d/v?stale=${stale}`)).toEqual(['d0', 'd1']);
  });

  test('many queries at once each see what was written before them', async () => {
    await using views = await ViewCluster.start();
    await views.define('d', { v: MAP });
    const counts = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        views.bucket.put(`d${index}`, { n: index });
        return [index + 1, (await views.ids('d/v?stale=false')).length];
      }),
    );
    for (const [written, seen] of counts) expect(seen).toBeGreaterThanOrEqual(written!);
  });
});

describe('the index follows', () => {
  let views: ViewCluster;

  beforeEach(async () => {
    views = await ViewCluster.start({ nodes: 2 });
    await views.define('d', { v: MAP, many: 'function (doc) { for (var i = 0; i < doc.n; i++) emit(i); }' });
    views.fill(4);
    await views.ids('d/v?stale=false');
  });

  afterEach(() => views.cluster.stop());

  test('changes', async () => {
    views.bucket.put('d1', { n: 9 });
    expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd2', 'd3', 'd1']);
    views.bucket.put('d3', { n: 1 });
    expect((await views.query('d/many?stale=false')).json.total_rows).toBe(0 + 9 + 2 + 1);
  });

  test('deletions', async () => {
    const vbuckets = views.bucket.parts.flatMap((part) => part.vbuckets.filter((one) => one?.state === 'active'));
    for (const vbucket of vbuckets) {
      const document = vbucket!.read(0, 'd2');
      if (document !== undefined) vbucket!.commit(tombstone(document, undefined));
    }
    expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd1', 'd3']);
  });

  test('a flush, and what is written after it', async () => {
    views.bucket.flush();
    expect(await views.ids('d/v?stale=false')).toEqual([]);
    views.bucket.put('d9', { n: 9 });
    expect(await views.ids('d/v?stale=false')).toEqual(['d9']);
  });

  test('the vbuckets, when they move', async () => {
    const node = await views.cluster.addNode();
    await views.cluster.rebalance();
    expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd1', 'd2', 'd3']);
    expect(await views.ids('d/v?stale=false', node)).toEqual(['d0', 'd1', 'd2', 'd3']);
    await views.cluster.rebalance({ without: [0] });
    expect(await views.ids('d/v?stale=false', 1)).toEqual(['d0', 'd1', 'd2', 'd3']);
    views.cluster.failOver(1);
    expect(await views.ids('d/v?stale=false', node)).toEqual(['d0', 'd1', 'd2', 'd3']);
  });

  test('the vbuckets, even for those who want nothing to be indexed', async () => {
    await views.cluster.addNode();
    const ids = ['d0', 'd1', 'd2', 'd3'];
    for (let step = 0; step < 2; step++) {
      await views.cluster.rebalance(step === 0 ? {} : { without: [0] });
      expect(await views.ids('d/v?stale=ok', 2)).toEqual(ids);
    }
    views.bucket.flush();
    expect(await views.ids('d/v?stale=ok', 2)).toEqual([]);
  });

  test('the design document', async () => {
    await views.define('d', { v: 'function (doc, meta) { if (doc.n % 2) emit(-doc.n); }' });
    expect(await views.ids('d/v?stale=ok')).toEqual(['d3', 'd1']);
  });
});

test('documents that expire leave the index', async () => {
  const clock = new ManualClock();
  await using views = await ViewCluster.start({ clock });
  await views.define('d', { v: MAP });
  views.bucket.put('short', { n: 1 }, { ttl: 10 });
  views.bucket.put('long', { n: 2 }, { ttl: 20 });
  views.bucket.put('ever', { n: 3 });
  expect(await views.ids('d/v?stale=false')).toEqual(['short', 'long', 'ever']);
  await clock.advance(10_000);
  expect(await views.ids('d/v?stale=false')).toEqual(['long', 'ever']);
  await clock.advance(10_000);
  expect(await views.ids('d/v?stale=false')).toEqual(['ever']);
});

test('documents of other collections are not in views', async () => {
  await using views = await ViewCluster.start({ buckets: { default: { collections: { s: ['c'] } } } });
  await views.define('d', { v: MAP });
  views.bucket.put('here', { n: 1 });
  views.bucket.put('there', { n: 2 }, { scope: 's', collection: 'c' });
  expect(await views.ids('d/v?stale=false')).toEqual(['here']);
  views.bucket.editor.dropCollection('_default', '_default');
  views.bucket.applyManifest();
  expect(await views.ids('d/v?stale=false')).toEqual([]);
});

test('documents that are not JSON come in base64', async () => {
  await using views = await ViewCluster.start();
  await views.define('d', { v: 'function (doc, meta) { emit(meta.type, [doc, meta.flags, meta.id]); }' });
  const vbucket = views.bucket.parts[0]!.vbuckets.find((one) => one?.state === 'active')!;
  vbucket.commit(draft('raw', 'bytes'));
  vbucket.commit(draft('bad\xff', 'bytes'));
  const { json } = await views.query('d/v?stale=false');
  expect(json.rows).toEqual([{ id: 'raw', key: 'base64', value: [Buffer.from('bytes').toString('base64'), 0, 'raw'] }]);
  expect(views.warnings).toContainEqual(expect.stringContaining('not UTF-8'));
});

describe('designs in development', () => {
  const THRESHOLD = 16 * 20;

  test('index one vbucket when there are many documents, all of them when that is asked for', async () => {
    await using views = await ViewCluster.start({ nodes: 2, replicas: 0 });
    await views.define('dev_d', { v: MAP });
    views.fill(2 * THRESHOLD + 100);
    for (const node of [0, 1]) {
      const { json } = await views.query('dev_d/v?stale=false&debug=true', node);
      expect(new Set(json.rows.map(({ partition }: { partition: number }) => partition)).size).toBe(1);
      expect(json.rows[0].partition % 2).toBe(node);
      expect(json.total_rows).toBeLessThan(100);
    }
    const full = await views.query('dev_d/v?full_set=true');
    expect(full.json.total_rows).toBe(2 * THRESHOLD + 100);
  });

  test('index everything when there are few documents', async () => {
    await using views = await ViewCluster.start({ nodes: 2, replicas: 0 });
    await views.define('dev_d', { v: MAP });
    views.fill(THRESHOLD);
    expect((await views.query('dev_d/v')).json.total_rows).toBe(THRESHOLD);
  });
});

describe('a node that fails', () => {
  let views: ViewCluster;

  beforeEach(async () => {
    views = await ViewCluster.start({ nodes: 3, replicas: 0 });
    await views.define('d', { v: MAP });
    await views.define('r', { v: MAP }, '_count');
    views.fill(30);
  });

  afterEach(() => views.cluster.stop());

  test('is named among the errors, the others answer', async () => {
    await views.cluster.kill(2);
    const { ports } = views.cluster.nodes[2]!;
    const { json, text } = await views.query('d/v?stale=false');
    const errors = [{ from: `127.0.0.1:${ports.capi}`, reason: 'econnrefused' }];
    expect(json.errors).toEqual(errors);
    expect(json.rows.length).toBe(json.total_rows);
    expect(json.rows.length).toBeLessThan(30);
    expect(text).toMatch(/\r\n\],\r\n"errors":\[\r\n\{"from":.*\}\r\n\]\r\n\}$/s);
    const reduced = await views.query('r/v?stale=false');
    expect(reduced.json).toEqual({ rows: [{ key: null, value: json.rows.length }], errors });
    await views.cluster.restart(2);
    expect(await views.ids('d/v?stale=false')).toHaveLength(30);
  });

  test('ends the answer when errors are to stop it', async () => {
    await views.cluster.kill(2);
    const { json, text, status } = await views.query('d/v?stale=false&on_error=stop');
    expect(status).toBe(200);
    expect(json).toEqual({ total_rows: 0, rows: [], errors: [{ from: expect.any(String), reason: 'econnrefused' }] });
    expect(text).toMatch(/^\{"total_rows":0,"rows":\[\]\r\n,\r\n"errors":\[/);
  });

  test('by hanging is waited for until the time of the query is over, or until it goes on', async () => {
    views.cluster.hang(1);
    const late = await views.query('d/v?connection_timeout=200');
    expect(late.json.errors).toEqual([{ from: expect.any(String), reason: 'timeout' }]);
    const waiting = views.ids('d/v?stale=false');
    setTimeout(() => views.cluster.resume(1), 100);
    expect(await waiting).toHaveLength(30);
  });

  test('by its reduce function gives what it has, and the reason', async () => {
    await views.define('bad', { v: MAP }, 'function (keys, values) { throw "no sense in " + values.length; }');
    const { json } = await views.query('bad/v?stale=false');
    expect(json.rows).toEqual([]);
    expect(json.errors).toHaveLength(3);
    expect(json.errors).toContainEqual({ from: 'local', reason: expect.stringMatching(/^no sense in \d+$/) });
    const stopped = await views.query('bad/v?on_error=stop');
    expect(stopped.json.errors).toHaveLength(1);
  });
});

describe('map functions that fail', () => {
  test('leave out the documents that they fail on, and that is said', async () => {
    await using views = await ViewCluster.start();
    await views.define('d', {
      v: 'function (doc, meta) { if (doc.n === 1) throw "bad luck"; log("saw " + meta.id); emit(); }',
    });
    views.fill(3);
    const { json } = await views.query('d/v');
    expect(json.rows.map(({ id }: { id: string }) => id)).toEqual(['d0', 'd2']);
    expect(json.errors).toBeUndefined();
    const prefix = 'views of bucket default: ';
    expect(views.warnings).toContain(`${prefix}error mapping document "d1": bad luck`);
    expect(views.warnings).toContain(`${prefix}map function log for document "d0": saw d0`);
  });

  test('are not heard of for each of very many documents', async () => {
    await using views = await ViewCluster.start();
    await views.define('d', { v: 'function (doc, meta) { throw meta.id; }' });
    views.fill(500);
    await views.query('d/v');
    expect(views.warnings).toHaveLength(11);
    expect(views.warnings.at(-1)).toBe('views of bucket default: and 490 more messages about documents');
  });

  test('by never ending leave out documents too, and fail the node when they do it again and again', async () => {
    await using views = await ViewCluster.start({ viewLimits: { timeMs: 700 } });
    await views.define('once', { v: 'function (doc) { while (doc.n === 1) {} emit(); }' });
    await views.define('always', { v: 'function (doc) { while (true) {} }' });
    views.fill(5);
    expect(await views.ids('once/v')).toEqual(['d0', 'd2', 'd3', 'd4']);
    expect(views.warnings).toContainEqual(expect.stringContaining('error mapping document "d1": timeout'));
    const { json, status } = await views.query('always/v');
    expect({ status, ...json }).toEqual({
      status: 200,
      total_rows: 0,
      rows: [],
      errors: [{ from: 'local', reason: 'timeout' }],
    });
    expect(await views.ids('once/v?stale=false')).toHaveLength(4);
  });

  test('by taking all memory leave out the documents that they do it on', async () => {
    await using views = await ViewCluster.start({ viewLimits: { timeMs: 60_000, memoryBytes: 8 * 1024 * 1024 } });
    await views.define('d', {
      v: 'function (doc) { if (doc.n === 1) { var l = []; while (true) l.push([l.length]); } emit(); }',
    });
    views.fill(3);
    expect(await views.ids('d/v')).toEqual(['d0', 'd2']);
    expect(views.warnings).toContainEqual(expect.stringMatching(/error mapping document "d1": .*out of memory/));
  });

  test('with a syntax error, put there without a check, fail the query', async () => {
    await using views = await ViewCluster.start();
    views.bucket.designs.set('_design/d', { views: { v: { map: 'function (' } } });
    views.fill(1);
    const { json } = await views.query('d/v');
    expect(json.errors).toEqual([{ from: 'local', reason: expect.stringMatching(/^SyntaxError: /) }]);
  });
});

describe('what a server cannot keep in an index', () => {
  const BY_N = 'function (doc) { emit(doc.n, doc.value); }';

  test.each(['_sum', '_stats'])(
    'a value that %s cannot take fails the whole design, until it is gone',
    async (reduce) => {
      await using views = await ViewCluster.start();
      const body = { views: { sums: { map: BY_N, reduce }, other: { map: 'function (doc) { emit(1); }' } } };
      await views.ask('PUT', '/default/_design/d', { body });
      views.fill(3, (n) => ({ n, value: n === 1 ? 'one' : n }));
      const failed = {
        rows: [],
        errors: [{ from: 'local', reason: expect.stringContaining(`Builtin ${reduce} function`) }],
      };
      for (const view of ['sums', 'sums?reduce=false', 'other']) {
        expect((await views.query(`d/${view}`)).json).toMatchObject(failed);
      }
      views.bucket.put('d1', { n: 1, value: 1 });
      expect((await views.query('d/sums?stale=false')).json.errors).toBeUndefined();
      expect(await views.ids('d/other')).toHaveLength(3);
      views.bucket.put('d1', { n: 1, value: [] });
      expect((await views.query('d/other?stale=false')).json).toMatchObject(failed);
      expect(await views.ids('d/other?stale=ok')).toHaveLength(3);
    },
  );

  test.each([
    [65_533, undefined],
    [65_534, [{ from: 'local', reason: 'reduction too large' }]],
  ])('a reduction of %i characters and its quotes', async (length, errors) => {
    await using views = await ViewCluster.start();
    const reduce = `function (keys, values, rereduce) { return 'x'.repeat(${length}); }`;
    await views.define('d', { v: BY_N }, reduce);
    views.fill(3);
    for (const query of ['d/v', 'd/v?group=true', 'd/v?reduce=false']) {
      expect((await views.query(query)).json.errors).toEqual(errors);
    }
  });

  test('a reduction that grows with the rows is too large where all of them are reduced', async () => {
    await using views = await ViewCluster.start();
    const reduce = 'function (keys, values, rereduce) { return rereduce ? [].concat.apply([], values) : values; }';
    await views.define('d', { v: BY_N }, reduce);
    views.fill(100, (n) => ({ n, value: 'v'.repeat(100) }));
    expect((await views.query('d/v?group=true&limit=1')).json.rows).toHaveLength(1);
    for (let n = 100; n < 1000; n++) views.bucket.put(`d${n}`, { n, value: 'v'.repeat(100) });
    const { json } = await views.query('d/v?group=true&limit=1&stale=false');
    expect(json.errors).toEqual([{ from: 'local', reason: 'reduction too large' }]);
  });

  test('of a document for which more than 1 MiB is emitted there are no rows of that view', async () => {
    await using views = await ViewCluster.start();
    await views.define('d', {
      many: 'function (doc) { for (var i = 0; i < doc.n; i++) emit(i, doc.text); }',
      one: 'function (doc) { emit(doc.n); }',
    });
    const text = 'é'.repeat(512);
    views.bucket.put('fits', { n: 1000, text });
    views.bucket.put('not', { n: 1030, text });
    expect((await views.query('d/many?limit=0')).json.total_rows).toBe(1000);
    expect(await views.ids('d/one')).toEqual(['fits', 'not']);
    expect(views.warnings).toEqual([
      expect.stringMatching(/error mapping document "not": too much data emitted: \d{7} bytes$/),
    ]);
  });
});

test('a cluster that stops ends what its views are at', async () => {
  const views = await ViewCluster.start({ viewLimits: { timeMs: 60_000 } });
  await views.define('d', { v: MAP });
  views.fill(1);
  await views.query('d/v');
  await views.define('d', { v: 'function (doc) { while (true) {} }' });
  const asked = views.query('d/v').catch((error: Error) => error);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await views.cluster.stop();
  expect(await asked).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
  expect(views.warnings).toEqual([]);
});

test('debug tells where rows come from and how far the nodes are', async () => {
  await using views = await ViewCluster.start({ nodes: 2, vbuckets: 4, replicas: 0 });
  await views.define('d', { v: MAP });
  views.fill(20);
  const { json, text } = await views.query('d/v?debug=true');
  const other = `127.0.0.1:${views.cluster.nodes[1]!.ports.capi}`;
  expect(Object.keys(json.debug_info)).toEqual(['local', other]);
  expect(json.debug_info.local.main_group).toMatchObject({ active_partitions: [0, 2] });
  expect(json.debug_info[other].main_group).toMatchObject({ active_partitions: [1, 3] });
  for (const { partition, node } of json.rows) expect(node).toBe(partition % 2 === 0 ? 'local' : other);
  expect(text).toMatch(/^\{"debug_info":\{.*\},"total_rows":20,"rows":\[\r\n/);
});

test('equal designs share an index', async () => {
  await using views = await ViewCluster.start();
  await views.define('first', { v: MAP, w: 'function (doc) { emit(1); }' });
  await views.define('second', { x: 'function (doc) { emit(1); }', y: MAP });
  await views.define('third', { v: MAP });
  views.fill(2);
  await views.ids('first/v?stale=false');
  views.bucket.put('d2', { n: 2 });
  await views.ids('second/y?stale=false');
  // What the second was told to index, the first has, and the third, which is another design, has on its own.
  expect(await views.ids('first/v?stale=ok')).toHaveLength(3);
  views.bucket.put('d3', { n: 3 });
  expect(await views.ids('third/v?stale=ok')).toHaveLength(4);
  expect(await views.ids('first/v?stale=ok')).toHaveLength(3);
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
