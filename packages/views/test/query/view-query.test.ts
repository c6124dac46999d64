import { ArgumentError } from '@cb/raw';
import {
  optionsString,
  Query,
  queryFromAny,
  SpatialQuery,
  STRING_RANGE_END,
  UNSPEC,
  ViewQuery,
  type ViewQueryOptions,
} from '@cb/views';
import fc from 'fast-check';

/** Builds a query from what no caller with types could give. */
function build(options: object): ViewQuery {
  return new ViewQuery(options as ViewQueryOptions);
}

describe('golden option strings', () => {
  test.each<[options: object, encoded: string]>([
    [{ stale: true }, 'stale=ok'],
    [{ stale: 1 }, 'stale=ok'],
    [{ stale: 'true' }, 'stale=ok'],
    [{ stale: false }, 'stale=false'],
    [{ stale: 0 }, 'stale=false'],
    [{ stale: 'false' }, 'stale=false'],
    [{ stale: 'ok' }, 'stale=ok'],
    [{ stale: 'update_after' }, 'stale=update_after'],
    [{ mapkeyRange: ['a'] }, 'startkey=%22a%22'],
    [{ mapkeyRange: [UNSPEC, 'z'] }, 'endkey=%22z%22'],
    [{ mapkeyRange: ['a', 'b'], startkey: 'c' }, 'startkey=%22c%22&endkey=%22b%22'],
    [
      { key: "é/a b~!*'()", stale: true, limit: '10', skip: 2.9, groupLevel: -1 },
      'key=%22%C3%A9%2Fa%20b~%21%2A%27%28%29%22&stale=ok&limit=10&skip=2&group_level=-1',
    ],
    [{ keys: [1, 'x', { a: [null, true] }] }, 'keys=%5B1%2C%22x%22%2C%7B%22a%22%3A%5Bnull%2Ctrue%5D%7D%5D'],
    [{ startkeyDocid: 1.5, endkeyDocid: 'a b' }, 'startkey_docid=1.5&endkey_docid=a%20b'],
    [{ unrecognizedOk: true, foo: 'a b&c' }, 'foo=a b&c'],
    [{ passthrough: true, key: 'a b', stale: 'weird' }, 'key=a b&stale=weird'],
    [{ passthrough: true, mapkeyRange: ['a', 'b'] }, 'startkey=a&endkey=b'],
    [{ reduce: 2.5 }, 'reduce=true'],
    [
      { debug: 1, fullSet: 0, descending: 'true', group: false, connectionTimeout: '60000' },
      'debug=true&full_set=false&descending=true&group=false&connection_timeout=60000',
    ],
    [{ dockeyRange: ['a', 'b'] }, 'startkey_docid=a&endkey_docid=b'],
    [{ onError: 'stop', inclusiveEnd: false }, 'on_error=stop&inclusive_end=false'],
    [{ mapkeySingle: 'a' }, 'key=%22a%22'],
    [{ mapkeyMulti: ['a'] }, 'keys=%5B%22a%22%5D'],
    [{ limit: 0 }, 'limit=0'],
    [{}, ''],
  ])('%j', (options, encoded) => {
    expect(build(options).encoded).toBe(encoded);
  });

  test('of a string, and what is set after it', () => {
    const query = ViewQuery.fromString('a=1&b=2');
    expect(query.encoded).toBe('a=1&b=2&');
    query.limit = 3;
    expect(query.encoded).toBe('a=1&b=2&limit=3');
  });

  test('of a spatial range', () => {
    expect(new SpatialQuery({ startRange: [1, null] }).encoded).toBe('start_range=%5B1%2Cnull%5D');
  });

  test('in two parts', () => {
    expect(new ViewQuery({ keys: ['a', 'b'], limit: 4 }).longForm).toEqual({
      uri: 'limit=4',
      body: '{"keys":["a","b"]}',
    });
    expect(new ViewQuery({ limit: 4 }).longForm).toEqual({ uri: 'limit=4', body: '{}' });
    const query = ViewQuery.fromString('a=1');
    query.keys = ['a'];
    expect(query.longForm).toEqual({ uri: 'a=1&', body: '{"keys":["a"]}' });
  });
});

test.each([[0], [''], [false], [null], [[]]])('the falsy key %j is a key', (key) => {
  const text = encodeURIComponent(JSON.stringify(key));
  expect(build({ key }).encoded).toBe(`key=${text}`);
  expect(build({ startkey: key, endkey: key }).encoded).toBe(`startkey=${text}&endkey=${text}`);
  expect(build({ mapkeyRange: [key, key] }).encoded).toBe(`startkey=${text}&endkey=${text}`);
  expect(build({ keys: [key] }).longForm.body).toBe(`{"keys":[${JSON.stringify(key)}]}`);
});

describe('values that an option cannot have are refused when they are set', () => {
  test.each<[option: string, value: unknown]>([
    ...['reduce', 'group', 'debug', 'fullSet', 'descending', 'inclusiveEnd'].flatMap((name): [string, unknown][] =>
      [null, {}, [], 'yes', 'True', Number.NaN].map((value) => [name, value]),
    ),
    ...['skip', 'limit', 'groupLevel', 'connectionTimeout'].flatMap((name): [string, unknown][] =>
      [true, false, null, '4.5', 'blah', '', {}, Number.POSITIVE_INFINITY, Number.NaN].map((value) => [name, value]),
    ),
    ...['startkeyDocid', 'endkeyDocid'].flatMap((name): [string, unknown][] =>
      [true, null, [], {}, '\ud800'].map((value) => [name, value]),
    ),
    ...[null, 'fresh', {}].map((value): [string, unknown] => ['stale', value]),
    ...[true, null, 'Stop', 'ignore'].map((value): [string, unknown] => ['onError', value]),
    ...[() => 1, 1n, Number.NaN, [Number.POSITIVE_INFINITY], [undefined]].map((value): [string, unknown] => [
      'key',
      value,
    ]),
    ...['a', 1, true, { a: 1 }, null].map((value): [string, unknown] => ['keys', value]),
    ...['a', null, 1, ['a', 'b', 'c'], [{}, 1n]].map((value): [string, unknown] => ['mapkeyRange', value]),
    ...['a', [true], ['a', null]].map((value): [string, unknown] => ['dockeyRange', value]),
  ])('%s', (name, value) => {
    const query = new ViewQuery({ stale: 'ok' });
    const set = (): unknown => Object.assign(query, { [name]: value });
    expect(set).toThrow(ArgumentError);
    expect(set).toThrow(new RegExp(name));
    // What was there before is there still.
    expect(query.encoded).toBe('stale=ok');
    expect(() => build({ [name]: value })).toThrow(ArgumentError);
  });

  test('a circular key', () => {
    const key: unknown[] = [];
    key.push(key);
    expect(() => new ViewQuery({ key })).toThrow(/^key cannot be written as JSON: /);
  });

  test('an option that there is not', () => {
    expect(() => build({ foo: 1 })).toThrow(/a query has no option "foo"; it takes .*limit/);
    expect(() => build({ group_level: 1 })).toThrow(
      /^a query has no option "group_level"; it takes .*; did you mean groupLevel\?$/,
    );
    expect(() => build({ passthrough: true, foo: 'x' })).toThrow(ArgumentError);
    expect(() => build({ unrecognizedOk: true, foo: null })).toThrow('foo must be a string or a number, not null');
  });

  test.each([[true], [null]])('%j with passthrough', (key) => {
    expect(() => build({ passthrough: true, key })).toThrow('key must be a string or a number');
  });
});

test('setting UNSPEC takes an option back', () => {
  const query = new ViewQuery({ limit: 3, key: 'a', mapkeyMulti: [1] });
  query.limit = UNSPEC;
  query.mapkeySingle = UNSPEC;
  expect(query.encoded).toBe('keys=%5B1%5D');
  expect(query.limit).toBe(UNSPEC);
  expect(new ViewQuery({ key: UNSPEC }).encoded).toBe('');
});

test('what is read is what was set, not what is sent', () => {
  const query = new ViewQuery({ stale: true, skip: '7', mapkeyRange: ['a'], key: 0 });
  expect([query.stale, query.skip, query.mapkeyRange, query.mapkeySingle, query.limit]).toEqual([
    true,
    '7',
    ['a'],
    0,
    UNSPEC,
  ]);
});

describe('ranges', () => {
  test('refuse to override their parts', () => {
    const query = new ViewQuery({ endkey: null });
    expect(() => Object.assign(query, { mapkeyRange: ['a'] })).toThrow(
      'mapkeyRange cannot be combined with startkey or endkey',
    );
  });

  test('are overridden by their parts, and cannot be set again then', () => {
    const query = new ViewQuery({ mapkeyRange: ['a', 'b'] });
    query.endkey = 'c';
    expect(query.encoded).toBe('startkey=%22a%22&endkey=%22c%22');
    expect(() => Object.assign(query, { mapkeyRange: ['d'] })).toThrow(ArgumentError);
  });

  test('can be set again, and cleared', () => {
    const query = new ViewQuery({ mapkeyRange: ['a', 'b'], dockeyRange: ['c', 'd'] });
    query.mapkeyRange = ['e'];
    query.dockeyRange = [];
    expect(query.encoded).toBe('startkey=%22e%22');
    query.mapkeyRange = UNSPEC;
    expect(query.encoded).toBe('');
    expect(query.mapkeyRange).toBe(UNSPEC);
  });

  test('reach to the end of a prefix', () => {
    expect(STRING_RANGE_END.codePointAt(0)).toBe(0x0fff);
    const query = new ViewQuery({ mapkeyRange: ['abc', `abc${STRING_RANGE_END}`] });
    expect(decodeURIComponent(query.encoded)).toBe('startkey="abc"&endkey="abc\u0fff"');
  });
});

describe('a query of', () => {
  test('a query is an independent copy of its class', () => {
    const first = new Query({ limit: 1, unrecognizedOk: true });
    const second = Query.fromAny(first);
    expect(second).toBeInstanceOf(Query);
    second.update({ limit: 2, foo: 'x' } as ViewQueryOptions);
    expect([first.encoded, second.encoded]).toEqual(['limit=1', 'limit=2&foo=x']);
  });

  test('options or a string', () => {
    expect(ViewQuery.fromAny({ limit: 1 }).encoded).toBe('limit=1');
    expect(ViewQuery.fromAny('a=1')).toBeInstanceOf(ViewQuery);
    expect(queryFromAny({ startRange: [1] })).toBeInstanceOf(SpatialQuery);
    expect(queryFromAny({ limit: 1 })).toBeInstanceOf(ViewQuery);
    expect(queryFromAny(new SpatialQuery({ limit: 1 })).encoded).toBe('limit=1');
    expect(SpatialQuery.fromAny({ endRange: [1] }).update({ limit: 1 }, { copy: true }).encoded).toBe(
      'end_range=%5B1%5D&limit=1',
    );
  });

  test.each([[1], [null], [true]])('%j is refused', (given) => {
    expect(() => ViewQuery.fromAny(given as never)).toThrow(ArgumentError);
    expect(() => queryFromAny(given as never)).toThrow(ArgumentError);
  });
});

test('update changes the query, or a copy', () => {
  const query = new ViewQuery({ limit: 1 });
  expect(query.update({ skip: 2 })).toBe(query);
  const copy = query.update({ limit: 5 }, { copy: true });
  expect([query.encoded, copy.encoded]).toEqual(['limit=1&skip=2', 'limit=5&skip=2']);
  expect(String(query)).toBe("Query:'limit=1&skip=2'");
});

test('long options go into a body', () => {
  expect(new ViewQuery({ keys: ['a'] }).hasBlob).toBe(false);
  expect(new ViewQuery({ keys: Array.from({ length: 1000 }, (_none, index) => index) }).hasBlob).toBe(true);
});

test('option strings without a query', () => {
  expect(optionsString({ limit: 1 })).toBe('limit=1');
  expect(optionsString({ key: 'a b' }, { passthrough: true })).toBe('key=a b');
});

test('whatever the key, the server reads the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (key) => {
      const { encoded } = new ViewQuery({ key });
      expect(encoded).toMatch(/^key=(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
      const parsed: unknown = JSON.parse(decodeURIComponent(encoded.slice('key='.length)));
      expect(parsed).toEqual(JSON.parse(JSON.stringify(key)));
    }),
  );
});
