import {
  DEFAULT_MANIFEST,
  entries,
  manifestJson,
  parseManifest,
  succession,
  TTL_NEVER,
} from '../../src/store/manifest.js';

const SHOP =
  '{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[{"name":"_default","uid":"0"},{"name":"flat","uid":"8"}]},' +
  '{"name":"shop","uid":"8","collections":[{"name":"orders","uid":"9"},{"name":"carts","uid":"a","maxTTL":60}]}]}';

test('writes the default manifest as a server does', () => {
  expect(manifestJson(DEFAULT_MANIFEST)).toBe(
    '{"scopes":[{"collections":[{"name":"_default","uid":"0"}],"name":"_default","uid":"0"}],"uid":"0"}',
  );
});

test('reads a manifest and writes it as a server does', () => {
  const manifest = parseManifest(SHOP)!;
  expect(
    [...entries(manifest)].map(({ scope, collection }) => `${scope.name}.${collection.name}:${collection.id}`),
  ).toEqual(['_default._default:0', '_default.flat:8', 'shop.orders:9', 'shop.carts:10']);
  expect(manifestJson(manifest)).toBe(
    '{"scopes":[{"collections":[{"name":"orders","uid":"9"},{"maxTTL":60,"name":"carts","uid":"a"}],"name":"shop","uid":"8"},' +
      '{"collections":[{"name":"_default","uid":"0"},{"name":"flat","uid":"8"}],"name":"_default","uid":"0"}],"uid":"1"}',
  );
});

test('a longest life of none is kept apart from none given, and history is written where there is any', () => {
  const manifest = parseManifest(SHOP.replace('60', '0').replace('"uid":"9"', '"uid":"9","history":true'))!;
  expect(manifest.scopes[1]!.collections).toEqual([
    { name: 'orders', id: 9, maxTtl: 0, history: true },
    { name: 'carts', id: 10, maxTtl: TTL_NEVER },
  ]);
  expect(manifestJson(manifest)).toContain(
    '[{"history":true,"name":"orders","uid":"9"},{"maxTTL":0,"name":"carts","uid":"a"}]',
  );
});

test.each([
  ['no JSON', 'x'],
  ['no scopes', '{"uid":"2"}'],
  ['a number for a uid', '{"uid":2,"scopes":[{"name":"_default","uid":"0"}]}'],
  ['no default scope', '{"uid":"2","scopes":[{"name":"a","uid":"8"}]}'],
  ['a reserved id', SHOP.replace('"uid":"9"', '"uid":"7"')],
  ['an id twice', SHOP.replace('"uid":"9"', '"uid":"a"')],
  ['a name twice', SHOP.replace('"orders"', '"carts"')],
  ['a bad name', SHOP.replace('"orders"', '"$orders"')],
  ['a long name', SHOP.replace('orders', 'o'.repeat(252))],
  ['a negative maxTTL', SHOP.replace('60', '-1')],
  ['a history that is a word', SHOP.replace('"uid":"9"', '"uid":"9","history":"yes"')],
])('refuses %s', (_name, text) => expect(parseManifest(text)).toBeUndefined());

test('a manifest may follow when its uid is greater', () => {
  const one = parseManifest(SHOP)!;
  const two = parseManifest(
    SHOP.replace('"uid":"1"', '"uid":"2"').replace(',{"name":"carts","uid":"a","maxTTL":60}', ''),
  )!;
  expect(succession(DEFAULT_MANIFEST, one)).toBeUndefined();
  expect(succession(one, two)).toBeUndefined();
  expect(succession(one, one)).toBeUndefined();
  expect(succession(one, DEFAULT_MANIFEST)).toBe(
    'uid must be >= current-uid:1, new-uid:0: cannot_apply_collections_manifest',
  );
  expect(succession(one, { ...two, uid: 1n })).toBe(
    'equal uid but not an equal manifest: cannot_apply_collections_manifest',
  );
  const renamed = parseManifest(SHOP.replace('"uid":"1"', '"uid":"3"').replace('"shop"', '"mall"'))!;
  expect(succession(one, renamed)).toContain('name:shop, new-name:mall');
});
