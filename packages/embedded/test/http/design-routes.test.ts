import { ViewCluster } from '../views/view-cluster.js';

const MAP = 'function (doc, meta) { emit(doc.n, null); }';
const PATH = '/default/_design/d';

let views: ViewCluster;

beforeAll(async () => {
  views = await ViewCluster.start({
    nodes: 2,
    buckets: { default: {}, fleeting: { type: 'ephemeral' } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'r', roles: ['views_reader[default]'] },
      other: { password: 'o', roles: ['views_admin[other]', 'data_reader[*]'] },
    },
  });
  views.fill(3);
});

afterAll(() => views.cluster.stop());

describe('design documents', () => {
  test('come and go', async () => {
    const body = { views: { v: { map: MAP } }, language: 'javascript' };
    const written = await views.ask('PUT', PATH, { body });
    expect(written).toMatchObject({ status: 201, json: { ok: true, id: '_design/d' } });
    expect(written.headers.get('location')).toMatch(/^http:\/\/127.0.0.1:\d+\/default\/_design%2Fd$/);
    const read = await views.ask('GET', PATH, { node: 1 });
    expect(read).toMatchObject({ status: 200, json: body });
    const meta = JSON.parse(read.headers.get('x-couchbase-meta')!);
    expect(meta).toMatchObject({ id: '_design/d', rev: expect.stringMatching(/^1-[0-9a-f]{8}$/) });
    expect((await views.ask('DELETE', PATH)).json).toEqual({ ok: true, id: '_design/d' });
    expect(await views.ask('GET', PATH)).toMatchObject({
      status: 404,
      json: { error: 'not_found', reason: 'deleted' },
    });
    expect(await views.ask('DELETE', PATH)).toMatchObject({ status: 404, json: { reason: 'deleted' } });
    expect(await views.ask('GET', `${PATH}2`)).toMatchObject({ status: 404, json: { reason: 'missing' } });
  });

  test.each([
    [
      'a map function with a syntax error',
      { map: 'function (' },
      /^Syntax error in the map function of the view `v': /,
    ],
    ['a map function that is not a function', { map: '42' }, /Invalid function: 42/],
    ['a reduce function with a syntax error', { map: MAP, reduce: 'function {' }, /in the reduce function of/],
    ['a built-in function that is not built in', { map: MAP, reduce: '_mean' }, /^Invalid built-in reduce function/],
    ['no map function', {}, "The `map' field for the view `v' is missing."],
    ['a map that is not text', { map: 1 }, /is not a json string/],
    ['a reduce that is not text', { map: MAP, reduce: 1 }, /is not a json string/],
    ['a view that is not an object', 'v', /is not a json object/],
  ])('are refused with %s', async (_what, view, reason) => {
    const { status, json } = await views.ask('PUT', '/default/_design/bad', { body: { views: { v: view } } });
    expect({ status, error: json.error }).toEqual({ status: 400, error: 'invalid_design_document' });
    expect(json.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect((await views.ask('GET', '/default/_design/bad')).status).toBe(404);
  });

  test('are refused when they are not JSON, or not an object', async () => {
    for (const body of ['{', '[]', '1']) {
      const answer = await views.ask('PUT', '/default/_design/bad', { body });
      expect(answer).toMatchObject({ status: 400, json: { error: 'bad_request' } });
    }
    const named = await views.ask('PUT', '/default/_design/bad', { body: { views: { ' v': { map: MAP } } } });
    expect(named.json.reason).toBe('View name ` v` cannot have leading or trailing whitespace');
  });

  test('may be asked for with the slash of their ids encoded', async () => {
    const body = { views: { v: { map: MAP } } };
    expect((await views.ask('PUT', '/default/_design%2Fe', { body })).status).toBe(201);
    expect((await views.ask('GET', '/default/_design/e')).json).toEqual(body);
    expect((await views.ask('DELETE', '/default/_design%2Fe')).status).toBe(200);
    expect((await views.ask('GET', '/default/d0')).json).toEqual({ error: 'not_found', reason: 'missing' });
  });

  test('and queries by POST must say that they are JSON', async () => {
    const written = await views.ask('PUT', PATH, { body: '{}', type: 'text/plain' });
    expect(written).toMatchObject({ status: 400, json: { reason: 'Content is not json.' } });
    const asked = await views.ask('POST', `${PATH}/_view/v`, { body: '{}', type: 'text/plain' });
    expect(asked).toMatchObject({ status: 415, json: { error: 'bad_content_type' } });
  });

  test('belong to buckets of the kind that has views', async () => {
    const ephemeral = await views.ask('GET', '/fleeting/_design/d');
    expect(ephemeral).toMatchObject({
      status: 404,
      json: { reason: expect.stringContaining('only on couchbase buckets') },
    });
    expect(await views.ask('GET', '/none/_design/d')).toMatchObject({ status: 404, json: { reason: 'missing' } });
  });
});

describe('users', () => {
  beforeAll(() => views.define('d', { v: MAP }));

  test('have to be known', async () => {
    for (const credentials of ['', 'Administrator:wrong', 'nobody:password']) {
      const answer = await views.ask('GET', PATH, { credentials });
      expect(answer).toMatchObject({ status: 401, json: { error: 'unauthorized', reason: 'password required' } });
    }
  });

  test('may do what their roles say', async () => {
    const [reader, other] = [{ credentials: 'reader:r' }, { credentials: 'other:o' }];
    expect((await views.ask('GET', `${PATH}/_view/v`, reader)).status).toBe(200);
    expect((await views.ask('POST', `${PATH}/_view/v`, { ...reader, body: {} })).status).toBe(200);
    expect((await views.ask('PUT', PATH, { ...reader, body: {} })).status).toBe(403);
    expect((await views.ask('DELETE', PATH, reader)).status).toBe(403);
    expect((await views.ask('GET', `${PATH}/_view/v`, other)).status).toBe(403);
  });

  test('may ping without being known', async () => {
    expect(await views.ask('GET', '/', { credentials: '' })).toMatchObject({
      status: 200,
      json: { couchdb: 'Welcome' },
    });
  });
});

describe('queries', () => {
  beforeAll(() => views.define('d', { v: MAP }));

  test('answer in the lines of the server', async () => {
    const row = (index: number): string => `{"id":"d${index}","key":${index},"value":null}`;
    const { text, headers } = await views.query('d/v');
    expect(text).toBe(`{"total_rows":3,"rows":[\r\n${[0, 1, 2].map(row).join(',\r\n')}\r\n]\r\n}`);
    expect(headers.get('content-type')).toBe('application/json');
    expect((await views.query('d/v?limit=0')).text).toBe('{"total_rows":3,"rows":[\r\n]\r\n}');
  });

  test('take the uuid of the bucket with its name, as the maps have it', async () => {
    const { uuid } = views.bucket;
    expect((await views.ask('GET', `/default%2B${uuid}/_design/d/_view/v`)).status).toBe(200);
    const wrong = await views.ask('GET', '/default%2Bffff/_design/d/_view/v');
    expect(wrong).toMatchObject({ status: 404, json: { reason: 'uuids_dont_match' } });
  });

  test('of what is not there are answered with 404', async () => {
    expect(await views.query('none/v')).toMatchObject({
      status: 404,
      json: { error: 'not_found', reason: 'Design document `_design/none` missing in database `default/master`.' },
    });
    expect(await views.query('d/none')).toMatchObject({
      status: 404,
      json: { error: 'not_found', reason: 'View `none` not defined in local design document `_design/d`.' },
    });
    expect((await views.ask('GET', '/default/_design/d/_spatial/v')).json).toEqual({
      error: 'not_found',
      reason: 'missing',
    });
    expect(views.warnings).toContainEqual(expect.stringContaining('unknown view endpoint'));
  });

  test('with impossible parameters are answered with 400', async () => {
    expect(await views.query('d/v?limit=x')).toMatchObject({ status: 400, json: { error: 'query_parse_error' } });
    expect(await views.query('d/v?startkey=abc')).toMatchObject({ status: 400, json: { error: 'bad_request' } });
    const keys = await views.ask('POST', `${PATH}/_view/v`, { body: { keys: 1 } });
    expect(keys).toMatchObject({ status: 400, json: { reason: '`keys` parameter is not an array.' } });
  });

  test('to a node without active vbuckets are sent to one that has some', async () => {
    const node = await views.cluster.addNode();
    const { status, headers, json } = await views.query('d/v?limit=1', node);
    expect({ status, error: json.error }).toEqual({ status: 302, error: 'no_active_vbuckets' });
    expect(headers.get('location')).toBe(
      `http://127.0.0.1:${views.cluster.nodes[0]!.ports.capi}/default/_design/d/_view/v?limit=1`,
    );
  });
});
