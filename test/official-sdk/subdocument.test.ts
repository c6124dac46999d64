import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, LookupInSpec, MutateInMacro, MutateInSpec, subdocPath } from '@cb/promise';
import {
  type Collection,
  DocumentNotFoundError,
  PathNotFoundError,
  StoreSemantics,
  LookupInSpec as TheirLookup,
  MutateInMacro as TheirMacro,
  MutateInSpec as TheirMutation,
} from 'couchbase';
import { casNumber, OfficialSdk, rejection } from './official.js';

const XATTR = { xattr: true } as const;
let cluster: EmbeddedCluster;
let official: OfficialSdk;
let theirs: Collection;
let ours: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
  official = await OfficialSdk.connect(cluster);
  theirs = official.collection;
  const { connectionString, username, password } = cluster;
  ours = await connect(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await ours.close();
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

test('paths of every kind lead both to the same place', async () => {
  const names = ['plain', 'with space', 'do.t', 'a[0]', 'ключ', '😀'];
  await ours.upsert('paths', {});
  for (const name of names) {
    const path = subdocPath(name, 'list');
    await ours.mutateIn('paths', [MutateInSpec.arrayAppend(path, [1, name], { createParents: true })]);
    await theirs.mutateIn('paths', [TheirMutation.arrayPrepend(path, [{ theirs: name }], { multi: true })]);
    const element = subdocPath(name, 'list', 0, 'theirs');
    expect((await ours.retrieveIn('paths', element)).content(0)).toBe(name);
    const found = await theirs.lookupIn('paths', [TheirLookup.get(`${path}[-1]`), TheirLookup.count(path)]);
    expect(found.content.map(({ value }) => value as unknown)).toEqual([name, 3]);
  }
});

test('all that we change, they find changed', async () => {
  await theirs.upsert('changed', { a: 1, list: ['x'], gone: true });
  const { cas } = await ours.mutateIn('changed', [
    MutateInSpec.upsert('a', 'ü'),
    MutateInSpec.insert('b.c', null, { createParents: true }),
    MutateInSpec.replace('list[0]', { y: 1 }),
    MutateInSpec.remove('gone'),
    MutateInSpec.arrayInsert('list[0]', [1, 2]),
    MutateInSpec.counter('n', 5),
    MutateInSpec.arrayAddUnique('set', 'one', { createParents: true }),
  ]);
  const got = await theirs.get('changed');
  expect(got.content).toEqual({ a: 'ü', list: [1, 2, { y: 1 }], b: { c: null }, n: 5, set: ['one'] });
  expect(casNumber(got.cas)).toBe(cas);
});

test('all that they change, we find changed', async () => {
  await ours.upsert('theirs', { a: 1, list: ['x'] });
  const { cas, content } = await theirs.mutateIn('theirs', [
    TheirMutation.increment('n', 7),
    TheirMutation.upsert('a', 'ü'),
    TheirMutation.upsert('_note.by', 'them', { xattr: true, createPath: true }),
  ]);
  expect(content[0]?.value).toBe(7);
  const specs = [LookupInSpec.get('_note.by', XATTR), LookupInSpec.getDocument()] as const;
  const found = await ours.lookupIn('theirs', specs);
  expect([...found]).toEqual(['them', { a: 'ü', list: ['x'], n: 7 }]);
  expect(found.cas).toBe(casNumber(cas));
});

test('attributes and macros of one read the same for the other', async () => {
  const macros = { cas: MutateInMacro.cas, seqno: MutateInMacro.seqno, crc: MutateInMacro.valueCrc32c };
  const { cas } = await ours.mutateIn(
    'macros',
    [
      MutateInSpec.setDocument({ body: 'ours' }),
      ...Object.entries(macros).map(([name, macro]) =>
        MutateInSpec.upsert(`m.${name}`, macro, { xattr: true, createParents: true }),
      ),
    ],
    { upsertDoc: true },
  );
  const read = await theirs.lookupIn('macros', [
    TheirLookup.get('m', XATTR),
    TheirLookup.get('$document', XATTR),
    TheirLookup.get(''),
  ]);
  const [attribute, document, body] = read.content.map(({ value }) => value as Record<string, string>);
  expect(body).toEqual({ body: 'ours' });
  expect(attribute).toEqual({ cas: expect.any(String), seqno: document!['seqno'], crc: document!['value_crc32c'] });
  expect(Buffer.from(attribute!['cas']!.slice(2), 'hex').readBigUInt64LE()).toBe(cas);
  expect(casNumber(read.cas)).toBe(cas);

  await theirs.mutateIn('macros', [TheirMutation.upsert('m.cas', TheirMacro.Cas, XATTR)]);
  const found = await ours.lookupIn('macros', [LookupInSpec.get<string>('m.cas', XATTR)]);
  expect(Buffer.from(found.content(0).slice(2), 'hex').readBigUInt64LE()).toBe(found.cas);
});

test('several attributes of one read the same for the other', async () => {
  await theirs.upsert('attributes', {});
  await theirs.mutateIn('attributes', [
    TheirMutation.upsert('one.a', 1, { ...XATTR, createPath: true }),
    TheirMutation.upsert('two', TheirMacro.ValueCrc32c, XATTR),
  ]);
  await ours.mutateIn('attributes', [
    MutateInSpec.counter('one.a', 1, XATTR),
    MutateInSpec.upsert('three', [3], XATTR),
    MutateInSpec.upsert('bytes', Buffer.from('bytes'), { binary: true }),
  ]);
  const paths = ['one', 'two', 'three', '$XTOC'];
  const found = await ours.lookupIn(
    'attributes',
    paths.map((path) => LookupInSpec.get(path, XATTR)),
  );
  expect([...found]).toEqual([{ a: 2 }, expect.stringMatching(/^0x/), [3], ['one', 'two', 'three', 'bytes']]);
  const read = await theirs.lookupIn(
    'attributes',
    paths.map((path) => TheirLookup.get(path, XATTR)),
  );
  expect(read.content.map(({ value }) => value as unknown)).toEqual([...found]);
});

test('they read the bytes of attributes as the text that holds them, and can store that', async () => {
  const text = `cb-content-base64-encoded:${Buffer.from('bytes').toString('base64')}`;
  await ours.upsert('bytes', {});
  await ours.mutateIn('bytes', [MutateInSpec.upsert('ours', Buffer.from('bytes'), { binary: true })]);
  const read = await theirs.lookupIn('bytes', [TheirLookup.get('ours', XATTR)]);
  expect(read.content[0]?.value).toBe(text);
  await theirs.mutateIn('bytes', [TheirMutation.upsert('theirs', text, XATTR)]);
  const found = await ours.lookupIn('bytes', [LookupInSpec.get('theirs', { binary: true })]);
  expect(found.content(0)).toEqual(Buffer.from('bytes'));
  const bad = TheirMutation.upsert('theirs', 'cb-content-base64-encoded:?', XATTR);
  expect(await rejection(theirs.mutateIn('bytes', [bad]))).toBeInstanceOf(Error);
});

test('replicas show both the same', async () => {
  const { cas } = await ours.upsert('copies', { a: 1 });
  const all = await theirs.lookupInAllReplicas('copies', [TheirLookup.get('a'), TheirLookup.exists('b')]);
  const theirView = all.map(({ content, isReplica, cas: theirCas }) => ({
    values: content.map(({ value }) => value as unknown),
    isReplica,
    cas: casNumber(theirCas),
  }));
  const found = await ours.lookupInAllReplicas('copies', [LookupInSpec.get('a'), LookupInSpec.exists('b')]);
  const ourView = found.map((each) => ({ values: [...each], isReplica: each.isReplica, cas: each.cas }));
  expect(ourView).toEqual([false, true].map((isReplica) => ({ values: [1, false], isReplica, cas })));
  expect(theirView).toHaveLength(2);
  expect(theirView).toEqual(expect.arrayContaining(ourView));
  const any = await theirs.lookupInAnyReplica('copies', [TheirLookup.get('a')]);
  expect(any.content[0]?.value).toBe(1);
});

test('documents that one creates exist for the other, with their expiry', async () => {
  await ours.mutateIn('made', [MutateInSpec.upsert('a.b', 1)], { insertDoc: true, ttl: 100 });
  const got = await theirs.get('made', { withExpiry: true });
  expect(got.content).toEqual({ a: { b: 1 } });
  expect(got.expiryTime).toBeGreaterThan(Date.now() / 1000);
  await theirs.mutateIn('made too', [TheirMutation.upsert('a', 1)], { storeSemantics: StoreSemantics.Insert });
  expect((await ours.get('made too')).value).toEqual({ a: 1 });
  await ours.mutateIn('made too', [MutateInSpec.removeDocument()]);
  expect(await rejection(theirs.get('made too'))).toBeInstanceOf(DocumentNotFoundError);
});

test('what is missing is missing for both', async () => {
  await ours.upsert('missing', {});
  const theirAnswer = await theirs.lookupIn('missing', [TheirLookup.get('a'), TheirLookup.exists('b')]);
  expect(theirAnswer.content[0]?.error).toBeInstanceOf(PathNotFoundError);
  const answer = await ours.lookupIn('missing', [LookupInSpec.get('a'), LookupInSpec.exists('b')]);
  expect(answer.exists('a')).toBe(false);
  expect(answer.content(1)).toBe(theirAnswer.content[1]?.value);
});

test('data structures of one work for the other', async () => {
  await ours.mapAdd('map', 'do', 1, { create: true });
  await theirs.map('map').set('re', [2]);
  expect(await theirs.map('map').get('do')).toBe(1);
  expect((await ours.mapGet('map', 're')).value).toEqual([2]);
  expect([await theirs.map('map').size(), (await ours.mapSize('map')).value]).toEqual([2, 2]);

  await theirs.list('list').push('b');
  await ours.listPrepend('list', 'a');
  expect(await theirs.list('list').getAt(0)).toBe('a');
  expect((await ours.listGet('list', -1)).value).toBe('b');

  await ours.setAdd('set', 'x', { create: true });
  expect(await theirs.set('set').contains('x')).toBe(true);
  await theirs.set('set').add('y');
  expect((await ours.setAdd('set', 'y')).value).toBe(false);
  expect((await ours.setRemove('set', 'x')).value).toBe(true);
  expect(await theirs.set('set').values()).toEqual(['y']);

  await ours.queuePush('queue', 1, { create: true });
  await theirs.queue('queue').push(2);
  expect(await theirs.queue('queue').pop()).toBe(1);
  expect((await ours.queuePop('queue')).value).toBe(2);
});
