import { Datatype } from '@cb/protocol';
import { Document, duplicate, revised, tombstone } from '../../src/store/document.js';
import { encodeXattrs } from '../../src/store/xattr.js';

const PARTS = { value: Buffer.from('{}'), xattrs: undefined, datatype: Datatype.Json, flags: 7, expiry: 9 };

test('a tombstone with attributes of the system has no flags, one without has those of the document', () => {
  const document = new Document(0, 'k', { value: Buffer.from('1'), xattrs: undefined, flags: 7, expiry: 0 });
  expect(tombstone(document, undefined).flags).toBe(7);
  expect(tombstone(document, encodeXattrs([{ key: '_s', value: Buffer.from('1') }])).flags).toBe(0);
});

test('the xattr bit says whether there are xattrs', () => {
  const claimed = { ...PARTS, datatype: Datatype.Json | Datatype.Xattr };
  expect(new Document(0, 'a', claimed).datatype).toBe(Datatype.Json);
  const xattrs = Buffer.alloc(4);
  expect(new Document(0, 'a', { ...PARTS, xattrs }).datatype).toBe(Datatype.Json | Datatype.Xattr);
});

test.each([
  ['{"a":1}', Datatype.Json],
  ['{"a":1', Datatype.Raw],
])('a body %s of which nothing is said is looked at', (text, datatype) => {
  const parts = { ...PARTS, value: Buffer.from(text), datatype: undefined };
  const document = new Document(0, 'a', parts);
  expect(document.isCompressed).toBe(false);
  expect(document.datatype).toBe(datatype);
  expect(new Document(0, 'a', { ...parts, xattrs: Buffer.alloc(4) }).datatype).toBe(datatype | Datatype.Xattr);
});

test('a revision keeps what is not changed, and is not numbered yet', () => {
  const document = new Document(9, 'a', PARTS);
  document.seqno = 5;
  const next = revised(document, { flags: 1 });
  expect(next).toMatchObject({ collection: 9, key: 'a', flags: 1, expiry: 9, datatype: Datatype.Json, seqno: 0 });
  expect(next.value).toBe(document.value);
});

test('a tombstone has neither body nor expiry', () => {
  const left = tombstone(new Document(0, 'a', PARTS), undefined);
  expect(left).toMatchObject({ deleted: true, datatype: Datatype.Raw, flags: 7, expiry: 0 });
  expect(left.value).toHaveLength(0);
});

test('a duplicate is the same version as an object of its own', () => {
  const document = new Document(0, 'a', PARTS);
  Object.assign(document, { casHigh: 1, casLow: 2, seqno: 3, revision: 4 });
  const copy = duplicate(document);
  expect(copy).toEqual(document);
  expect(copy).not.toBe(document);
  expect(copy.cas).toBe((1n << 32n) | 2n);
  expect([copy.hasCas(1, 2), copy.hasCas(1, 3), copy.hasCas(2, 2)]).toEqual([true, false, false]);
});
