import { ID_MAX } from '../../src/views/row.js';
import { ViewError } from '../../src/views/view-error.js';
import { readViewParams, type ViewParams } from '../../src/views/view-params.js';

function read(query: string, body: Record<string, unknown> = {}, isReduced = false): ViewParams {
  return readViewParams(new URLSearchParams(query), isReduced, body);
}

function refusal(query: string, body: Record<string, unknown> = {}, isReduced = false): string {
  try {
    read(query, body, isReduced);
  } catch (error) {
    if (error instanceof ViewError) return `${error.status} ${error.error}: ${error.reason}`;
    throw error;
  }
  throw new Error('it was accepted');
}

test('everything has a default', () => {
  expect(read('')).toEqual({
    type: 'map',
    keys: undefined,
    start: undefined,
    end: undefined,
    startId: '',
    endId: ID_MAX,
    inclusiveEnd: true,
    descending: false,
    skip: 0,
    limit: Number.POSITIVE_INFINITY,
    grouping: 0,
    stale: 'update_after',
    onError: 'continue',
    debug: false,
    fullSet: false,
    timeoutMs: undefined,
  });
});

test.each([
  ['startkey="b"&endkey=[1]&startkey_docid=x&endkey_docid=y'],
  ['start_key="b"&end_key=[1]&start_key_doc_id=x&end_key_doc_id=y'],
])('%s is a range', (query) => {
  expect(read(query)).toMatchObject({ start: { key: 'b', id: 'x' }, end: { key: [1], id: 'y' } });
});

test.each(['0', '""', 'false', 'null', '[]'])('%s is a key', (text) => {
  const key = JSON.parse(text);
  expect(read(`key=${text}`)).toMatchObject({ start: { key, id: '' }, end: { key, id: ID_MAX } });
  expect(read(`startkey=${text}`)).toMatchObject({ start: { key }, end: undefined });
});

test.each([
  ['', '', ID_MAX],
  ['inclusive_end=false', '', ''],
  ['descending=true', ID_MAX, ''],
  ['descending=true&inclusive_end=false', ID_MAX, ID_MAX],
  ['descending=true&startkey_docid=b&endkey_docid=a', 'b', 'a'],
])('with %j a range of keys reaches from the id %j to %j', (query, startId, endId) => {
  expect(read(query)).toMatchObject({ startId, endId });
});

test('ids are bytes', () => {
  expect(read('startkey_docid=%C3%BC')).toMatchObject({ startId: '\xc3\xbc' });
});

test('of two of the same name the last one counts', () => {
  expect(read('limit=1&limit=2&key=1&startkey=0')).toMatchObject({ limit: 2, start: { key: 0 }, end: { key: 1 } });
});

test.each([
  ['', 'reduce', 0],
  ['reduce=true', 'reduce', 0],
  ['reduce=false', 'red_map', 0],
  ['group=true', 'reduce', 'exact'],
  ['group=false', 'reduce', 0],
  ['group_level=2', 'reduce', 2],
])('a view with a reduce function is asked with %j', (query, type, grouping) => {
  expect(read(query, {}, true)).toMatchObject({ type, grouping });
});

test('keys come in the body or in the query string', () => {
  expect(read('', { keys: [1, null] })).toMatchObject({ keys: [1, null] });
  expect(read('keys=[]')).toMatchObject({ keys: [] });
  expect(read('keys=[1]', { keys: [2] })).toMatchObject({ keys: [2] });
});

test('what is about the nodes may be in the body too', () => {
  expect(read('on_error=stop&connection_timeout=5&full_set=true')).toMatchObject({
    onError: 'stop',
    timeoutMs: 5,
    fullSet: true,
  });
  expect(read('', { on_error: 'stop', connection_timeout: 7 })).toMatchObject({ onError: 'stop', timeoutMs: 7 });
});

test('names that nobody knows are passed over', () => {
  expect(read('what=ever&toString=1&_=17')).toEqual(read(''));
});

test.each([
  ['limit=-1', '400 query_parse_error: Invalid value for positive integer parameter: "-1"'],
  ['skip=1.5', '400 query_parse_error: Invalid value for integer parameter: "1.5"'],
  ['descending=yes', '400 query_parse_error: Invalid boolean parameter: "yes"'],
  ['inclusive_end=1', '400 query_parse_error: Invalid boolean parameter: "1"'],
  ['stale=maybe', '400 query_parse_error: stale only available as stale=ok, stale=update_after or stale=false'],
  ['count=1', "400 query_parse_error: Query parameter 'count' is now 'limit'."],
  ['reduce=true', '400 query_parse_error: Invalid URL parameter `reduce` for map view.'],
  ['group=true', "400 query_parse_error: Invalid URL parameter 'group' or  'group_level' for non-reduce view."],
  ['group=true&group_level=1', '400 query_parse_error: Query parameter `group_level` is not compatible with `group`'],
  ['startkey={', '400 bad_request: invalid UTF-8 JSON: "{"'],
  ['key=abc', '400 bad_request: invalid UTF-8 JSON: "abc"'],
  ['keys=1', '400 bad_request: `keys` parameter is not an array.'],
  ['on_error=ignore', '400 bad_request: Invalid value for the parameter `on_error`: must be `continue` or `stop`.'],
  ['connection_timeout="x"', '400 bad_request: Query parameter `connection_timeout` must be an integer'],
])('%s is refused', (query, answer) => {
  expect(refusal(query)).toBe(answer);
});

test('ranges that nothing can be in are refused', () => {
  const advice = '400 query_parse_error: No rows can match your key range, reverse your start_key and end_key or set ';
  expect(refusal('startkey="b"&endkey="a"')).toBe(`${advice}descending=true`);
  expect(refusal('startkey="a"&endkey="b"&descending=true')).toBe(`${advice}descending=false`);
  expect(read('startkey="a"&endkey="a"&descending=true').start).toMatchObject({ key: 'a' });
});

test('keys do not go with ranges, nor with reducing without groups', () => {
  expect(refusal('startkey=1', { keys: [1] })).toContain('`start_key` is not compatible with multi-get');
  expect(refusal('endkey=1', { keys: [1] })).toContain('`end_key` is not compatible with multi-get');
  expect(refusal('', { keys: [1] }, true)).toContain('must include `group=true`');
  expect(refusal('group_level=1', { keys: [1] }, true)).toContain('must include `group=true`');
  expect(read('group=true', { keys: [1] }, true).grouping).toBe('exact');
});
