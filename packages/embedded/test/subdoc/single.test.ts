import { Opcode, Status } from '@cb/protocol';
import fc from 'fast-check';
import { operationOf } from '../../src/subdoc/operation.js';
import { parseSingle } from '../../src/subdoc/single.js';
import type { CommandLimits } from '../../src/subdoc/subdoc-command.js';
import { LIMITS, LIMITS_7_2 } from './subdoc-bytes.js';

interface Parts {
  readonly opcode?: number;
  readonly extras: string;
  readonly value?: string;
  readonly cas?: bigint;
  readonly limits?: CommandLimits;
}

function read({ opcode = Opcode.SubdocDictUpsert, extras, value = 'a1', cas = 0n, limits = LIMITS_7_2 }: Parts) {
  const request = { extras: Buffer.from(extras, 'hex'), value: Buffer.from(value), cas };
  return parseSingle(operationOf(opcode)!, request, limits);
}

test('reads path, value, flags, document flags and expiry', () => {
  expect(read({ extras: '0003010000006401', value: 'a.b{}' })).toEqual({
    isMulti: false,
    mutates: true,
    docFlags: 1,
    expiry: 100,
    cas: 0n,
    specs: [
      {
        operation: operationOf(Opcode.SubdocDictUpsert),
        flags: 1,
        path: Buffer.from('a.b'),
        value: Buffer.from('{}'),
      },
    ],
  });
  expect(read({ extras: '00010000000064' })).toMatchObject({ docFlags: 0, expiry: 100 });
  expect(read({ extras: '00010001' })).toMatchObject({ docFlags: 1, expiry: 0 });
});

test('reads user flags behind the expiry, where the server knows them', () => {
  const all = { extras: '000100000000640200000001', limits: LIMITS };
  expect(read(all)).toMatchObject({ docFlags: 1, expiry: 100, userFlags: 0x02000000 });
  expect(read({ ...all, extras: '0001000000006402000000' })).toMatchObject({ docFlags: 0, userFlags: 0x02000000 });
  expect(read({ ...all, extras: '00010000000064' })).toMatchObject({ userFlags: undefined });
  const unknown = { status: Status.Invalid, context: 'Invalid extras section' };
  expect(read({ ...all, limits: LIMITS_7_2 })).toEqual(unknown);
  for (const size of [5, 6, 9, 10, 13]) {
    expect(read({ ...all, extras: '00'.repeat(size) })).toEqual(unknown);
  }
  expect(read({ ...all, opcode: Opcode.SubdocExists, value: 'a', extras: '0001000000000002000000' })).toEqual({
    status: Status.Invalid,
    context: 'Request extras invalid',
  });
});

const get = Opcode.SubdocGet;
const { Invalid } = Status;
const NO_XATTRS = { ...LIMITS_7_2, xattrs: false };
const NO_XATTRS_LATER = { ...LIMITS, xattrs: false };
const NO_DELETED = { ...LIMITS, replicaReadsOfDeleted: false };

test.each<{ parts: Parts; status: number; context?: string }>([
  { parts: { extras: '' }, status: Invalid, context: 'Invalid extras section' },
  { parts: { extras: '0001' }, status: Invalid, context: 'Invalid extras section' },
  { parts: { extras: '00010040' }, status: Invalid, context: 'Invalid extras section' },
  {
    parts: { extras: '040100', value: 'p'.repeat(1025) },
    status: Invalid,
    context: 'Request path length exceeds maximum',
  },
  { parts: { extras: '003200' }, status: Invalid, context: "Path length can't exceed value" },
  { parts: { extras: '000200' }, status: Invalid, context: 'Request must include value' },
  { parts: { opcode: get, extras: '000100' }, status: Invalid, context: 'Request must not include value' },
  { parts: { extras: '000180' }, status: Invalid, context: 'Request flags invalid' },
  { parts: { opcode: get, extras: '000101', value: 'a' }, status: Invalid, context: 'Request flags invalid' },
  {
    parts: { opcode: get, extras: '00010001', value: 'a' },
    status: Invalid,
    context: 'Request document flags invalid',
  },
  {
    parts: { opcode: Opcode.SubdocReplace, extras: '00010001' },
    status: Invalid,
    context: 'Request document flags invalid',
  },
  {
    parts: { opcode: Opcode.SubdocReplaceBodyWithXattr, extras: '000100', value: 'a' },
    status: Invalid,
    context: 'Request missing mandatory flags',
  },
  { parts: { extras: '00010408' }, status: Invalid, context: 'CreateAsDeleted requires Mkdoc or Add' },
  { parts: { extras: '00010009' }, status: Invalid, context: 'CreateAsDeleted does not support body path' },
  { parts: { extras: '00010002', cas: 5n }, status: Invalid, context: 'Request with add flag must have CAS 0' },
  { parts: { extras: '00010003' }, status: Invalid, context: 'Request must not contain both add and mkdoc flags' },
  {
    parts: { extras: '000110' },
    status: Status.SubdocXattrInvalidFlagCombo,
    context: 'EXPAND_MACROS flag requires XATTR flag to be set',
  },
  {
    parts: { extras: '000104', limits: NO_XATTRS },
    status: Status.NotSupported,
    context: 'Connection not XATTR enabled',
  },
  { parts: { extras: '000004' }, status: Status.XattrInvalid, context: 'Request XATTR key invalid' },
  { parts: { extras: '000304', value: '[0]1' }, status: Status.XattrInvalid, context: 'Request XATTR key invalid' },
  { parts: { extras: '000404', value: '$foo1' }, status: Status.SubdocXattrCantModifyVattr },
  { parts: { extras: '000115', value: 'm"hello"' }, status: Status.SubdocXattrUnknownMacro },
  { parts: { opcode: get, extras: '000000', value: '' }, status: Invalid, context: 'Request must include path' },
  { parts: { opcode: get, extras: '0001000000000a', value: 'a' }, status: Invalid, context: 'Request extras invalid' },
])('refuses $parts', ({ parts, ...refusal }) => {
  expect(read(parts)).toEqual(refusal);
});

test.each<{ parts: Parts; status: number; context?: string }>([
  { parts: { opcode: get, extras: '00010020', value: 'a' }, status: Invalid, context: 'Invalid extras section' },
  {
    parts: { opcode: get, extras: '00010024', value: 'a', limits: NO_DELETED },
    status: Invalid,
    context: "Can't access deleted documents on replicas",
  },
  { parts: { extras: '00010020', limits: LIMITS }, status: Invalid, context: 'Request document flags invalid' },
  { parts: { opcode: get, extras: '000124', value: 'a' }, status: Invalid, context: 'Request flags invalid' },
  {
    parts: { opcode: Opcode.SubdocExists, extras: '000124', value: 'a', limits: LIMITS },
    status: Invalid,
    context: 'Request flags invalid',
  },
  {
    parts: { extras: '000120', limits: LIMITS },
    status: Status.SubdocXattrInvalidFlagCombo,
    context: 'BINARY_VALUE flag requires XATTR flag to be set',
  },
  {
    parts: { extras: '000134', limits: NO_XATTRS_LATER },
    status: Status.SubdocXattrInvalidFlagCombo,
    context: "BINARY_VALUE can't be used together with EXPAND_MACROS",
  },
  {
    parts: { extras: '000104', value: 'm"cb-content-base64-encoded:?"', limits: LIMITS },
    status: Status.XattrInvalid,
    context: 'Incorrectly encoded binary value',
  },
])('refuses $parts, of what came after 7.2', ({ parts, ...refusal }) => {
  expect(read(parts)).toEqual(refusal);
});

test('takes what came after 7.2 where it is there', () => {
  expect(read({ opcode: get, extras: '00010020', value: 'a', limits: NO_DELETED })).toMatchObject({ docFlags: 0x20 });
  expect(read({ opcode: get, extras: '00010024', value: 'a', limits: LIMITS })).toMatchObject({ docFlags: 0x24 });
  expect(read({ opcode: get, extras: '000124', value: 'm', limits: LIMITS })).toHaveProperty('specs.0.flags', 0x24);
  const odd = { extras: '000104', value: 'm"cb-content-base64-encoded:?"' };
  expect(read(odd)).toHaveProperty('specs.length', 1);
});

test('any bytes are a command or a refusal', () => {
  const operations = [0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd2, 0xd3];
  fc.assert(
    fc.property(
      fc.constantFrom(...operations),
      fc.uint8Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 20 }),
      (opcode, extras, value) => {
        const request = { extras: Buffer.from(extras), value: Buffer.from(value), cas: 0n };
        const command = parseSingle(operationOf(opcode)!, request, LIMITS);
        expect('status' in command ? command.status : command.specs).toBeTruthy();
      },
    ),
  );
});
