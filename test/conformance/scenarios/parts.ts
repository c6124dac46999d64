import { failure, MACRO_CAS } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

const PERSON = { name: 'Zoë', tags: ['a', 'b'], address: { city: 'Ulm', 'zip.code': '89073' }, visits: 3 };

export const parts: readonly Scenario[] = [
  scenario('parts of a document are looked up, present and absent ones', ['subdocument'], async ({ documents }) => {
    const { cas } = await documents.upsert('part:lookup', PERSON);
    const looked = await documents.lookupIn('part:lookup', [
      { op: 'get', path: 'address.city' },
      { op: 'get', path: 'tags[-1]' },
      { op: 'get', path: 'address.`zip.code`' },
      { op: 'count', path: 'tags' },
      { op: 'exists', path: 'name' },
      { op: 'exists', path: 'none' },
      { op: 'get', path: 'none' },
      { op: 'get', path: 'name.first' },
    ]);
    expect(looked.found).toEqual([
      { value: 'Ulm' },
      { value: 'b' },
      { value: '89073' },
      { value: 2 },
      { value: true },
      { value: false },
      { failure: 'path missing' },
      { failure: 'path mismatch' },
    ]);
    expect(looked.cas).toBe(cas);
  }),
  scenario('parts of a document are changed', ['subdocument'], async ({ documents }) => {
    const { cas } = await documents.upsert('part:change', PERSON);
    const changed = await documents.mutateIn('part:change', [
      { op: 'upsert', path: 'name', value: 'Ada' },
      { op: 'insert', path: 'new.place', value: { x: 1 }, createPath: true },
      { op: 'replace', path: 'address.city', value: null },
      { op: 'remove', path: 'address.`zip.code`' },
      { op: 'arrayAppend', path: 'tags', value: ['y', 'z'] },
      { op: 'arrayPrepend', path: 'tags', value: ['0'] },
      { op: 'arrayInsert', path: 'tags[1]', value: ['1', '2'] },
      { op: 'arrayAddUnique', path: 'tags', value: 'u' },
      { op: 'counter', path: 'visits', value: 4 },
      { op: 'counter', path: 'down', value: -1 },
    ]);
    expect(changed.values[8]).toBe(7);
    expect(changed.values[9]).toBe(-1);
    expect(changed.cas).not.toBe(cas);
    expect(await documents.get('part:change')).toEqual(
      expect.objectContaining({
        cas: changed.cas,
        value: {
          name: 'Ada',
          tags: ['0', '1', '2', 'a', 'b', 'y', 'z', 'u'],
          address: { city: null },
          visits: 7,
          new: { place: { x: 1 } },
          down: -1,
        },
      }),
    );
  }),
  scenario('of several changes all happen or none', ['subdocument'], async ({ driver, documents }) => {
    await documents.upsert('part:all', { a: 1 });
    const call = documents.mutateIn('part:all', [
      { op: 'upsert', path: 'b', value: 2 },
      { op: 'insert', path: 'a', value: 3 },
    ]);
    expect(await failure(driver, call)).toBe('path exists');
    expect((await documents.get('part:all')).value).toEqual({ a: 1 });
  }),
  scenario('what cannot be changed has its reason', ['subdocument'], async ({ driver, documents }) => {
    await documents.upsert('part:reason', { a: 1, list: [1] });
    await documents.upsert('part:text', 'no JSON');
    const reasons: readonly (readonly [string, Promise<unknown>])[] = [
      ['path missing', documents.mutateIn('part:reason', [{ op: 'replace', path: 'b', value: 1 }])],
      ['path missing', documents.mutateIn('part:reason', [{ op: 'upsert', path: 'b.c', value: 1 }])],
      ['path mismatch', documents.mutateIn('part:reason', [{ op: 'arrayAppend', path: 'a', value: [1] }])],
      ['path exists', documents.mutateIn('part:reason', [{ op: 'arrayAddUnique', path: 'list', value: 1 }])],
      ['path invalid', documents.mutateIn('part:reason', [{ op: 'upsert', path: 'a..b', value: 1 }])],
      ['not JSON', documents.mutateIn('part:text', [{ op: 'upsert', path: 'a', value: 1 }])],
      ['missing', documents.mutateIn('part:none', [{ op: 'upsert', path: 'a', value: 1 }])],
      ['missing', documents.lookupIn('part:none', [{ op: 'get', path: 'a' }])],
    ];
    for (const [reason, call] of reasons) expect(await failure(driver, call)).toBe(reason);
    expect((await documents.get('part:reason')).value).toEqual({ a: 1, list: [1] });
  }),
  scenario('a change creates the document when it is told to', ['subdocument'], async ({ driver, documents }) => {
    const change = [{ op: 'upsert', path: 'a', value: 1 }] as const;
    await documents.mutateIn('part:created', change, { document: 'insert' });
    expect(await failure(driver, documents.mutateIn('part:created', change, { document: 'insert' }))).toBe('exists');
    await documents.mutateIn('part:created', [{ op: 'upsert', path: 'b', value: 2 }], { document: 'upsert' });
    expect((await documents.get('part:created')).value).toEqual({ a: 1, b: 2 });
  }),
  scenario('a change with a CAS happens only while that is the CAS', ['subdocument'], async ({ driver, documents }) => {
    const { cas } = await documents.upsert('part:cas', {});
    const change = [{ op: 'upsert', path: 'a', value: 1 }] as const;
    await documents.mutateIn('part:cas', change, { cas });
    expect(await failure(driver, documents.mutateIn('part:cas', change, { cas }))).toBe('exists');
  }),
  scenario('attributes stay next to the body, and survive its changes', ['xattrs'], async ({ documents }) => {
    await documents.upsert('xattr', { body: 1 });
    await documents.mutateIn('xattr', [
      { op: 'upsert', path: 'meta.owner', value: 'ann', xattr: true, createPath: true },
      { op: 'upsert', path: 'meta.cas', value: MACRO_CAS, xattr: true },
      { op: 'upsert', path: 'body', value: 2 },
    ]);
    expect((await documents.get('xattr')).value).toEqual({ body: 2 });
    const looked = await documents.lookupIn('xattr', [
      { op: 'get', path: 'meta.owner', xattr: true },
      { op: 'get', path: 'meta.cas', xattr: true },
      { op: 'exists', path: 'meta.none', xattr: true },
    ]);
    const cas = Buffer.alloc(8);
    cas.writeBigUInt64LE(looked.cas);
    expect(looked.found).toEqual([{ value: 'ann' }, { value: `0x${cas.toString('hex')}` }, { value: false }]);
    await documents.mutateIn('xattr', [{ op: 'remove', path: 'meta', xattr: true }]);
    const left = await documents.lookupIn('xattr', [{ op: 'exists', path: 'meta', xattr: true }]);
    expect(left.found).toEqual([{ value: false }]);
  }),
  scenario('the server tells what it knows of a document', ['xattrs'], async ({ documents }) => {
    const { cas } = await documents.upsert('xattr:virtual', { a: 1 });
    const { found } = await documents.lookupIn('xattr:virtual', [
      { op: 'get', path: '$document.CAS', xattr: true },
      { op: 'get', path: '$document.value_bytes', xattr: true },
      { op: 'get', path: '$document.deleted', xattr: true },
      { op: 'get', path: '$document.exptime', xattr: true },
    ]);
    expect(found).toEqual([
      { value: `0x${cas.toString(16).padStart(16, '0')}` },
      { value: '{"a":1}'.length },
      { value: false },
      { value: 0 },
    ]);
  }),
];
