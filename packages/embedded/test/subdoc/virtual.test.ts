import { Datatype } from '@cb/protocol';
import { encodeXattrs } from '../../src/store/xattr.js';
import { expandVirtualMacro, type VirtualSource, virtualXattr } from '../../src/subdoc/virtual.js';
import { environment, stored } from './subdoc-bytes.js';

const xattrs = encodeXattrs([
  { key: 'meta', value: Buffer.from('1') },
  { key: '_sys', value: Buffer.from('2') },
]);
const body = Buffer.from('{"a":1}');
const source: VirtualSource = { document: stored('{"a":1}', { xattrs }), body, environment };

const DOCUMENT =
  '{"CAS":"0x18e9b28eeef90000","datatype":["json","xattr"],"deleted":false,"exptime":0,"flags":153,' +
  '"last_modified":"1795162253","revid":"3","seqno":"0x000000000000000e","value_bytes":7,' +
  '"value_crc32c":"0xcff7d56a","vbucket_uuid":"0x00009d485e2a9ee6"}';

test('$document as the server prints it', () => {
  expect(virtualXattr('$document', source)?.toString()).toBe(`{"$document":${DOCUMENT}}`);
});

test('$document of a locked document hides the CAS', () => {
  const locked = virtualXattr('$document', { ...source, document: stored('{}', { locked: true }) });
  expect(locked?.toString()).toContain('"CAS":"0xffffffffffffffff"');
});

test('$document without a clock in the CAS does not know when it was modified', () => {
  const text = virtualXattr('$document', { ...source, environment: { ...environment, casIsTime: false } });
  expect(text?.toString()).not.toContain('last_modified');
});

test('datatypes in the order in which the server names them', () => {
  const named = (datatype: number) =>
    JSON.parse(virtualXattr('$document', { ...source, document: stored('', { datatype }) })!.toString()).$document
      .datatype;
  expect(named(Datatype.Raw)).toEqual(['raw']);
  expect(named(Datatype.Snappy | Datatype.Json)).toEqual(['snappy', 'json']);
});

test('the time of the last change is a number where it is asked for by itself', () => {
  expect(expandVirtualMacro(Buffer.from(`"\${$document.last_modified}"`), source)?.toString()).toBe('1795162253');
  expect(expandVirtualMacro(Buffer.from(`"\${$document}"`), source)?.toString()).toContain(
    '"last_modified":"1795162253"',
  );
});

test('$XTOC lists keys, those of the system for who may read them', () => {
  expect(virtualXattr('$XTOC', source)?.toString()).toBe('{"$XTOC":["meta","_sys"]}');
  const restricted = { ...source, environment: { ...environment, mayReadSystemXattrs: false } };
  expect(virtualXattr('$XTOC', restricted)?.toString()).toBe('{"$XTOC":["meta"]}');
  expect(virtualXattr('$XTOC', { ...source, document: stored('{}') })?.toString()).toBe('{"$XTOC":[]}');
});

test('$vbucket tells its clock', () => {
  expect(virtualXattr('$vbucket', source)?.toString()).toBe('{"$vbucket":{"HLC":{"mode":"real","now":"1795162253"}}}');
});

test('others are unknown', () => {
  expect(virtualXattr('$foo', source)).toBeUndefined();
});

test.each([
  ['.CAS', '"0x18e9b28eeef90000"'],
  ['.revid', '"3"'],
  ['.exptime', '0'],
  ['.datatype', '["json","xattr"]'],
  ['.deleted', 'false'],
  ['', DOCUMENT],
])('the macro $document%s', (member, text) => {
  expect(expandVirtualMacro(Buffer.from(`"\${$document${member}}"`), source)?.toString()).toBe(text);
});

test.each(['.value_crc32c', '.nope', '.', '.CAS.x', 'CAS', '.__proto__'])('no macro $document%s', (member) => {
  expect(expandVirtualMacro(Buffer.from(`"\${$document${member}}"`), source)).toBeUndefined();
});

test('a document that is being made has nothing to tell', () => {
  const macro = (member: string) =>
    expandVirtualMacro(Buffer.from(`"\${$document${member}}"`), { ...source, document: undefined })?.toString();
  expect(macro('.CAS')).toBe('"0x0000000000000000"');
  expect(macro('.vbucket_uuid')).toBe('"0x0000000000000000"');
  expect(macro('.datatype')).toBe('["raw"]');
  expect(macro('.last_modified')).toBeUndefined();
});
