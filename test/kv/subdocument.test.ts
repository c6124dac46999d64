import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, failFast, LookupInSpec, MutateInMacro, MutateInSpec, subdocPath } from '@cb/promise';
import {
  ArgumentError,
  CollectionNotFoundError,
  DocumentNotJsonError,
  KeyExistsError,
  NotFoundError,
  SubdocDeletedDocumentError,
  SubdocEmptyPathError,
  SubdocNotBinaryValueError,
  SubdocPathExistsError,
  SubdocPathInvalidError,
  SubdocPathMismatchError,
  SubdocPathNotFoundError,
  SubdocXattrError,
} from '@cb/protocol';

const DOCUMENT = { name: 'Zoë', tags: ['a', 'b'], deep: { 'do.t': 1, big: 1 }, n: null };

describe('sub-documents', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    const buckets = { default: { collections: { inventory: ['hotel'] } } };
    cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, buckets });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  beforeEach(() => bucket.upsert('doc', DOCUMENT));

  async function stored<T = unknown>(key = 'doc'): Promise<T> {
    return (await bucket.get<T>(key)).value;
  }

  describe('looking', () => {
    test('has a retry strategy of its own, as every operation', async () => {
      const { cas } = await bucket.lock('doc', { ttl: 15 });
      const options = { retry: failFast };
      const attempts = await Promise.allSettled([
        bucket.mutateIn('doc', [MutateInSpec.upsert('n', 1)], options),
        bucket.mapAdd('doc', 'n', 1, options),
        bucket.listAppend('doc', 1, options),
      ]);
      const once = { status: 'rejected', reason: expect.objectContaining({ code: 'locked', attempts: 1 }) };
      expect(attempts).toEqual([once, once, once]);
      await bucket.unlock('doc', { cas });
      expect((await bucket.lookupIn('doc', [LookupInSpec.get('name')], options)).success).toBe(true);
    });

    test('answers by index and by path, in the order of the call', async () => {
      const result = await bucket.lookupIn('doc', [
        LookupInSpec.get<string>('name'),
        LookupInSpec.exists('$document', { xattr: true }),
        LookupInSpec.getCount('tags'),
        LookupInSpec.getCount(''),
        LookupInSpec.exists('tags[1]'),
        LookupInSpec.get('n'),
        LookupInSpec.getDocument<typeof DOCUMENT>(),
      ]);
      const name: string = result.content(0);
      const isThere: boolean = result.content(1);
      const count: number = result.content(2);
      expect([name, isThere, count]).toEqual(['Zoë', true, 2]);
      expect([...result]).toEqual(['Zoë', true, 2, 4, true, null, DOCUMENT]);
      expect(result.content('tags')).toBe(2);
      expect(result.get('name')).toEqual({ rc: 0, value: 'Zoë' });
      expect(result).toMatchObject({ key: 'doc', rc: 0, success: true, accessOk: true, deleted: false });
      expect([result.commandCount, result.resultCount]).toEqual([7, 7]);
      expect(result.cas).toBe((await bucket.get('doc')).cas);
    });

    test('tells of a missing path when the value is asked for', async () => {
      const result = await bucket.lookupIn('doc', [
        LookupInSpec.get('none'),
        LookupInSpec.get('name'),
        LookupInSpec.exists('tags[7]'),
      ]);
      expect(result).toMatchObject({ rc: 0x49, success: false, accessOk: true });
      expect(() => result.content('none')).toThrow(SubdocPathNotFoundError);
      expect(() => result.content(0)).toThrow(/"doc" at "none"/);
      expect(() => [...result]).toThrow(expect.objectContaining({ path: 'none', index: 0, key: 'doc' }));
      expect(result.get('none', 'else')).toEqual({ rc: 0x3f, value: 'else' });
      expect(result.content(2)).toBe(false);
      expect(['none', 'name', 'tags[7]'].map((path) => result.exists(path))).toEqual([false, true, false]);
      expect(['none', 'other'].map((path) => result.has(path))).toEqual([true, false]);
      expect([result.commandCount, result.resultCount]).toEqual([3, 3]);
      for (const place of ['other', 3, -1, 0.5]) expect(() => result.get(place)).toThrow(ArgumentError);
    });

    test('fails with any other failure of a path, and has the other answers', async () => {
      const specs = [LookupInSpec.get('name'), LookupInSpec.get('none'), LookupInSpec.get('name.first')];
      const error = await bucket.lookupIn('doc', specs).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SubdocPathMismatchError);
      expect(error).toMatchObject({ path: 'name.first', index: 2, key: 'doc', result: { rc: 0x40, accessOk: false } });
      expect((error as { result: { content(i: number): unknown } }).result.content(0)).toBe('Zoë');
      await expect(bucket.retrieveIn('doc', 'a..b')).rejects.toThrow(SubdocPathInvalidError);
      await bucket.upsert('text', 'no json', { format: 0x04000004 });
      await expect(bucket.retrieveIn('text', 'a')).rejects.toThrow(DocumentNotJsonError);
    });

    test('needs a document, unless quiet', async () => {
      const specs = [LookupInSpec.get('a'), LookupInSpec.exists('b')] as const;
      await expect(bucket.lookupIn('missing', specs)).rejects.toThrow(NotFoundError);
      const result = await bucket.lookupIn('missing', specs, { quiet: true });
      expect(result).toMatchObject({ key: 'missing', rc: 0x0d, success: false, accessOk: false, cas: 0n });
      expect(() => result.content(0)).toThrow(NotFoundError);
      expect(() => result.exists('b')).toThrow(NotFoundError);
    });

    test('retrieves paths', async () => {
      const path = subdocPath('deep', 'do.t');
      expect(path).toBe('deep.`do.t`');
      expect([...(await bucket.retrieveIn('doc', 'tags[-1]', path))]).toEqual(['b', 1]);
    });

    test('reads documents that are not JSON as bytes', async () => {
      await bucket.upsert('bytes', Buffer.from([1, 2, 255]), { format: 0x03000002 });
      const specs = [
        LookupInSpec.get('$document.flags', { xattr: true }),
        LookupInSpec.getDocument({ noFormat: true }),
      ];
      expect([...(await bucket.lookupIn('bytes', specs))]).toEqual([0x03000002, Buffer.from([1, 2, 255])]);
      await expect(bucket.lookupIn('bytes', [LookupInSpec.getDocument()])).rejects.toMatchObject({
        code: 'value_format',
        index: 0,
      });
    });
  });

  describe('changing', () => {
    test('does all of it, in order', async () => {
      const result = await bucket.mutateIn('doc', [
        MutateInSpec.upsert('name', 'Ann'),
        MutateInSpec.insert('deep.er.still', { ü: 1 }, { createParents: true }),
        MutateInSpec.replace('tags[0]', ['x']),
        MutateInSpec.remove('n'),
        MutateInSpec.arrayAppend('tags', ['c', ['d', 'e']]),
        MutateInSpec.arrayPrepend('tags', [0, 1]),
        MutateInSpec.arrayInsert('tags[1]', [0.5]),
        MutateInSpec.counter('deep.big', 2n ** 62n),
        MutateInSpec.counter('deep.small', -3),
        MutateInSpec.arrayAddUnique('unique', 'u', { createParents: true }),
      ]);
      const big: number | bigint = result.content(7);
      expect(big).toBe(2n ** 62n + 1n);
      expect(result.content(8)).toBe(-3);
      expect(result.content(0)).toBeUndefined();
      expect([result.commandCount, result.resultCount, result.rc]).toEqual([10, 2, 0]);
      expect(result.mutationToken?.seqno).toBeGreaterThan(0n);
      expect((await bucket.retrieveIn('doc', 'deep.big')).content(0)).toBe(2 ** 62);
      expect(await stored()).toEqual({
        name: 'Ann',
        tags: [0, 0.5, 1, ['x'], 'b', 'c', ['d', 'e']],
        deep: { 'do.t': 1, big: Number(2n ** 62n + 1n), small: -3, er: { still: { ü: 1 } } },
        unique: ['u'],
      });
    });

    test('does nothing when one fails, and says which', async () => {
      const failing = [
        [MutateInSpec.insert('name', 1), SubdocPathExistsError],
        [MutateInSpec.upsert('a.b', 1), SubdocPathNotFoundError],
        [MutateInSpec.arrayAddUnique('tags', 'a'), SubdocPathExistsError],
        [MutateInSpec.counter('name', 1), SubdocPathMismatchError],
      ] as const;
      for (const [spec, errorClass] of failing) {
        const specs = [MutateInSpec.upsert('new', 1), spec, MutateInSpec.upsert('x', 1, { xattr: true })];
        const error = await bucket.mutateIn('doc', specs).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(errorClass);
        expect(error).toMatchObject({ path: spec.path, index: 1, key: 'doc', ambiguous: false });
      }
      expect(await stored()).toEqual(DOCUMENT);
    });

    test('heeds the CAS', async () => {
      const { cas } = await bucket.get('doc');
      await bucket.mutateIn('doc', [MutateInSpec.upsert('a', 1)], { cas });
      await expect(bucket.mutateIn('doc', [MutateInSpec.upsert('a', 2)], { cas })).rejects.toThrow(KeyExistsError);
      expect((await bucket.retrieveIn('doc', 'a')).content(0)).toBe(1);
    });

    test('creates documents', async () => {
      await bucket.remove('made', { quiet: true });
      const spec = [MutateInSpec.upsert('a.b', 1)];
      await expect(bucket.mutateIn('made', spec)).rejects.toThrow(NotFoundError);
      await bucket.mutateIn('made', spec, { insertDoc: true, ttl: 100 });
      expect(await stored('made')).toEqual({ a: { b: 1 } });
      await expect(bucket.mutateIn('made', spec, { insertDoc: true })).rejects.toThrow(KeyExistsError);
      await bucket.mutateIn('made', [MutateInSpec.counter('c', 5)], { upsertDoc: true, preserveExpiry: true });
      expect(await stored('made')).toEqual({ a: { b: 1 }, c: 5 });
      const expiry = LookupInSpec.get<number>('$document.exptime', { xattr: true });
      expect((await bucket.lookupIn('made', [expiry])).content(0)).toBeGreaterThan(1e9);
      await bucket.mutateIn('made', spec);
      expect((await bucket.lookupIn('made', [expiry])).content(0)).toBe(0);
    });

    test('replaces and removes whole documents together with attributes', async () => {
      const note = { xattr: true } as const;
      await bucket.mutateIn('whole', [MutateInSpec.setDocument([1, 2]), MutateInSpec.upsert('note', 'n', note)], {
        upsertDoc: true,
      });
      const both = [LookupInSpec.getDocument(), LookupInSpec.get('note', note)];
      expect([...(await bucket.lookupIn('whole', both))]).toEqual([[1, 2], 'n']);
      await bucket.mutateIn('whole', [MutateInSpec.replaceBodyWithXattr('note')]);
      expect([...(await bucket.lookupIn('whole', both))]).toEqual(['n', 'n']);
      await bucket.mutateIn('whole', [MutateInSpec.removeDocument(), MutateInSpec.upsert('_kept', 1, note)]);
      expect((await bucket.exists('whole')).exists).toBe(false);
      const kept = await bucket.lookupIn('whole', [LookupInSpec.get('_kept', note)], { accessDeleted: true });
      expect([kept.content(0), kept.deleted, kept.rc]).toEqual([1, true, 0]);
    });

    test('makes deleted documents, changes and revives them', async () => {
      const hidden = MutateInSpec.upsert('_hidden', 1, { xattr: true });
      await bucket.mutateIn('ghost', [hidden], { upsertDoc: true, createAsDeleted: true });
      expect((await bucket.exists('ghost')).exists).toBe(false);
      await expect(bucket.mutateIn('ghost', [hidden])).rejects.toThrow(NotFoundError);
      const result = await bucket.mutateIn('ghost', [MutateInSpec.counter('_hidden', 1, { xattr: true })], {
        accessDeleted: true,
      });
      expect([result.content(0), result.deleted]).toEqual([2, true]);
      await bucket.mutateIn('ghost', [MutateInSpec.replaceBodyWithXattr('_hidden')], { revive: true });
      expect(await stored('ghost')).toBe(2);
      await expect(bucket.mutateIn('ghost', [hidden], { revive: true })).rejects.toThrow(SubdocDeletedDocumentError);
    });

    test('waits for durability', async () => {
      const specs = [MutateInSpec.upsert('a', 1)];
      await bucket.mutateIn('doc', specs, { durability: 'majority' });
      await bucket.mutateIn('doc', specs, { persistTo: 2, replicateTo: 1 });
    });
  });

  test('work in every collection', async () => {
    const hotels = bucket.scope('inventory').collection('hotel');
    await hotels.mutateIn('doc', [MutateInSpec.upsert('name', 'Ritz')], { upsertDoc: true });
    expect((await hotels.retrieveIn('doc', 'name')).content(0)).toBe('Ritz');
    await hotels.queuePush('queue', 1, { create: true });
    expect((await hotels.queuePop('queue')).value).toBe(1);
    await expect(bucket.collection('none').retrieveIn('doc', 'a')).rejects.toThrow(CollectionNotFoundError);
    expect(await stored()).toEqual(DOCUMENT);
  });

  describe('extended attributes', () => {
    test('stand before the body on the wire, and in the order of the call in the result', async () => {
      const xattr = { xattr: true } as const;
      const result = await bucket.mutateIn('doc', [
        MutateInSpec.counter('n1', 1),
        MutateInSpec.counter('x.n2', 2, { xattr: true, createParents: true }),
        MutateInSpec.counter('n3', 3),
        MutateInSpec.counter('x.n4', 4, xattr),
      ]);
      expect([...result]).toEqual([1, 2, 3, 4]);
      const specs = ['n1', 'x.n2', 'n3', 'x.n4'].map((path) => LookupInSpec.get(path, { xattr: path.startsWith('x') }));
      expect([...(await bucket.lookupIn('doc', specs))]).toEqual([1, 2, 3, 4]);
      const failing = [MutateInSpec.upsert('a', 1), MutateInSpec.insert('x.n2', 1, xattr)];
      await expect(bucket.mutateIn('doc', failing)).rejects.toMatchObject({ path: 'x.n2', index: 1 });
      const list = LookupInSpec.get('$XTOC', xattr);
      expect((await bucket.lookupIn('doc', [list])).content(0)).toEqual(['x']);
    });

    test('are filled in by macros', async () => {
      const xattr = { xattr: true, createParents: true } as const;
      const { cas, mutationToken } = await bucket.mutateIn('doc', [
        MutateInSpec.upsert('m.cas', MutateInMacro.cas, xattr),
        MutateInSpec.upsert('m.seqno', MutateInMacro.seqno),
        MutateInSpec.upsert('m.crc', MutateInMacro.valueCrc32c),
        MutateInSpec.upsert('m.flags', MutateInMacro.document('flags')),
        MutateInSpec.upsert('m.same', `\${Mutation.seqno}`, { expandMacros: true }),
        MutateInSpec.upsert('m.text', `\${Mutation.seqno}`, xattr),
        MutateInSpec.arrayAppend('m.list', [MutateInMacro.seqno], xattr),
      ]);
      const found = await bucket.lookupIn('doc', [
        LookupInSpec.get<Record<string, string>>('m', { xattr: true }),
        LookupInSpec.get('$document.value_crc32c', { xattr: true }),
      ]);
      const seqno = `0x${mutationToken!.seqno.toString(16).padStart(16, '0')}`;
      expect(found.content(0)).toEqual({
        cas: expect.stringMatching(/^0x[0-9a-f]{16}$/),
        seqno,
        crc: found.content(1),
        flags: 0x02000000,
        same: seqno,
        text: `\${Mutation.seqno}`,
        list: [seqno],
      });
      const bytes = Buffer.from(found.content(0)['cas']!.slice(2), 'hex');
      expect(bytes.readBigUInt64LE()).toBe(cas);
    });

    test('are several in one call', async () => {
      const xattr = { xattr: true } as const;
      await bucket.upsert('several', {});
      const { mutationToken } = await bucket.mutateIn('several', [
        MutateInSpec.upsert('app.by', 'Zoë', { ...xattr, createParents: true }),
        MutateInSpec.upsert('app.seqno', MutateInMacro.seqno),
        MutateInSpec.arrayAppend('log', ['made'], { ...xattr, createParents: true }),
        MutateInSpec.upsert('log_seqno', MutateInMacro.seqno),
        MutateInSpec.upsert('n', 1),
      ]);
      const seqno = `0x${mutationToken!.seqno.toString(16).padStart(16, '0')}`;
      const found = await bucket.lookupIn('several', [
        LookupInSpec.get('log[0]', xattr),
        LookupInSpec.get('$XTOC', xattr),
        LookupInSpec.get('app', xattr),
        LookupInSpec.exists('none', xattr),
        LookupInSpec.get('log_seqno', xattr),
        LookupInSpec.get('n'),
      ]);
      expect([...found]).toEqual(['made', ['app', 'log', 'log_seqno'], { by: 'Zoë', seqno }, false, seqno, 1]);
      await bucket.mutateIn('several', [MutateInSpec.remove('log', xattr), MutateInSpec.remove('app.by', xattr)]);
      const left = await bucket.lookupIn('several', [LookupInSpec.get('$XTOC', xattr), LookupInSpec.get('app', xattr)]);
      expect([...left]).toEqual([['log_seqno', 'app'], { seqno }]);
    });

    test('hold bytes', async () => {
      const binary = { binary: true } as const;
      const bytes = Buffer.from([0, 0x22, 0xff, 0x7f]);
      await bucket.mutateIn('doc', [
        MutateInSpec.upsert('t.bin', bytes, { ...binary, createParents: true }),
        MutateInSpec.insert('t.more', Buffer.from('{}'), binary),
        MutateInSpec.upsert('t.text', 'text', { xattr: true }),
        MutateInSpec.replace('t.more', bytes.subarray(1), binary),
      ]);
      const found = await bucket.lookupIn('doc', [
        LookupInSpec.get('t.bin', binary),
        LookupInSpec.get('t.more', binary),
        LookupInSpec.get('t.bin', { xattr: true }),
      ]);
      expect([...found]).toEqual([bytes, bytes.subarray(1), 'cb-content-base64-encoded:ACL/fw==']);
      const asBytes = bucket.lookupIn('doc', [LookupInSpec.get('t.text', binary)]);
      await expect(asBytes).rejects.toThrow(SubdocNotBinaryValueError);
    });

    test('are refused as the server refuses them', async () => {
      const unknown = MutateInSpec.upsert('x', `\${none}`, { expandMacros: true });
      await expect(bucket.mutateIn('doc', [unknown])).rejects.toThrow(SubdocXattrError);
      const virtual = MutateInSpec.upsert('$document.flags', 1, { xattr: true });
      await expect(bucket.mutateIn('doc', [virtual])).rejects.toThrow(SubdocXattrError);
    });
  });

  describe('misuse', () => {
    const spec = LookupInSpec.get('a');
    const write = MutateInSpec.upsert('a', 1);
    test.each<[string, () => unknown, RegExp]>([
      ['no lookups', () => bucket.lookupIn('doc', []), /1 to 16 operations, not 0/],
      ['too many lookups', () => bucket.lookupIn('doc', Array(17).fill(spec)), /1 to 16 operations, not 17/],
      ['no paths', () => bucket.retrieveIn('doc'), /1 to 16/],
      ['no mutations', () => bucket.mutateIn('doc', []), /1 to 16/],
      ['a mutation in a lookup', () => bucket.lookupIn('doc', [spec, write as never]), /operation 1 is not one/],
      ['a lookup in a mutation', () => bucket.mutateIn('doc', [spec as never]), /operation 0 is not one/],
      ['a spec instead of specs', () => bucket.lookupIn('doc', spec as never), /array of operations/],
      ['an unknown option', () => bucket.mutateIn('doc', [write], { insert: true } as never), /no option "insert"/],
      ['two ways to create', () => bucket.mutateIn('doc', [write], { insertDoc: true, upsertDoc: true }), /either/],
      ['a CAS of what must not exist', () => bucket.mutateIn('doc', [write], { insertDoc: true, cas: 1n }), /no cas/],
      ['a corpse revived', () => bucket.mutateIn('doc', [write], { revive: true, createAsDeleted: true }), /either/],
      ['no boolean', () => bucket.mutateIn('doc', [write], { upsertDoc: 1 as never }), /upsertDoc/],
    ])('rejects %s', async (_what, call, message) => {
      await expect(call()).rejects.toBeInstanceOf(ArgumentError);
      await expect(call()).rejects.toThrow(message);
    });

    test.each<[string, () => unknown, RegExp]>([
      ['a path over 1,024 bytes', () => LookupInSpec.get('ü'.repeat(513)), /1026 bytes/],
      ['33 components', () => MutateInSpec.remove(Array(33).fill('aa').join('.')), /33 components/],
      ['a path that is not a string', () => LookupInSpec.exists(1 as never), /string/],
      ['half a surrogate pair', () => LookupInSpec.get('\ud800'), /surrogate/],
      ['an unknown option', () => LookupInSpec.get('a', { createParents: true } as never), /no option/],
      ['a delta of 0', () => MutateInSpec.counter('a', 0), /delta/],
      ['a delta over 64 bits', () => MutateInSpec.counter('a', 2n ** 63n), /delta/],
      ['a delta that is not an integer', () => MutateInSpec.counter('a', 0.5), /delta/],
      ['values that are not an array', () => MutateInSpec.arrayAppend('a', 1 as never), /array/],
      ['a macro for a unique value', () => MutateInSpec.arrayAddUnique('a', MutateInMacro.cas), /macro/],
      ['a path with a strange index', () => subdocPath('a', -2), /index/],
    ])('refuses %s', (_what, call, message) => {
      expect(call).toThrow(ArgumentError);
      expect(call).toThrow(message);
    });

    test('refuses empty paths and values that cannot be written', () => {
      expect(() => LookupInSpec.get('')).toThrow(SubdocEmptyPathError);
      expect(() => LookupInSpec.exists('')).toThrow(SubdocEmptyPathError);
      expect(() => MutateInSpec.upsert('', 1)).toThrow(SubdocEmptyPathError);
      const unwritable = [undefined, () => 1, [MutateInMacro.cas]];
      for (const value of unwritable) {
        expect(() => MutateInSpec.upsert('a', value)).toThrow(expect.objectContaining({ code: 'value_format' }));
      }
      expect(() => MutateInSpec.arrayAppend('a', [])).toThrow(expect.objectContaining({ code: 'value_format' }));
    });

    test('takes 32 components', () => {
      expect(MutateInSpec.remove(`${Array(30).fill('a').join('.')}[0].\`b.[c\``).opcode).toBe(0xc9);
    });
  });
});
