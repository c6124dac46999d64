import { type Frame, Opcode, Status } from '@cb/protocol';
import { type Conversation, Server } from '../conversation.js';

const SHOP = {
  uid: '1',
  scopes: [
    { name: '_default', uid: '0', collections: [{ name: '_default', uid: '0' }] },
    {
      name: 'shop',
      uid: '8',
      collections: [
        { name: 'orders', uid: '9' },
        { name: 'carts', uid: 'a', maxTTL: 60 },
      ],
    },
  ],
};

function shop(): Conversation {
  const client = new Server().connect();
  expect(client.status(Opcode.SetCollectionsManifest, { value: JSON.stringify(SHOP) })).toBe(Status.Success);
  return client;
}

function ids({ extras }: Frame): [uid: bigint, id: number] {
  return [extras.readBigUInt64BE(0), extras.readUInt32BE(8)];
}

// Source: kv_engine docs/Collections.md, and what a 7.2.4 server was recorded to answer.
test.each([
  ['shop.orders', 9],
  ['shop.carts', 10],
  ['_default._default', 0],
  ['._default', 0],
  ['.', 0],
])('the id of %s is %i', (path, id) => {
  const client = shop();
  expect(ids(client.one(Opcode.GetCollectionId, { value: path }))).toEqual([1n, id]);
  expect(ids(client.one(Opcode.GetCollectionId, { key: path }))).toEqual([1n, id]);
});

test.each([
  ['shop', Status.Invalid],
  ['a.b.c', Status.Invalid],
  ['', Status.Invalid],
  ['nope.orders', Status.UnknownScope],
  ['shop.nope', Status.UnknownCollection],
])('%j has none', (path, status) => {
  expect(shop().status(Opcode.GetCollectionId, { value: path })).toBe(status);
});

test('scopes have ids too', () => {
  const client = shop();
  expect(ids(client.one(Opcode.GetScopeId, { value: 'shop' }))).toEqual([1n, 8]);
  expect(ids(client.one(Opcode.GetScopeId, { value: '' }))).toEqual([1n, 0]);
  const unknown = client.one(Opcode.GetScopeId, { value: 'nope' });
  expect(unknown.status).toBe(Status.UnknownScope);
  expect(JSON.parse(unknown.value.toString())).toMatchObject({ manifest_uid: '1' });
});

test('the manifest is read back', () => {
  const manifest = JSON.parse(shop().one(Opcode.GetCollectionsManifest).value.toString());
  expect(manifest.uid).toBe('1');
  expect(manifest.scopes.map(({ name }: { name: string }) => name)).toEqual(['shop', '_default']);
});

test('a manifest that is malformed or goes back is refused', () => {
  const client = shop();
  expect(client.status(Opcode.SetCollectionsManifest, { value: '{"uid":"2"}' })).toBe(Status.Invalid);
  const back = JSON.stringify({ ...SHOP, uid: '0' });
  expect(client.status(Opcode.SetCollectionsManifest, { value: back })).toBe(Status.CannotApplyCollectionsManifest);
});
