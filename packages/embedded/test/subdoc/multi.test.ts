import { Opcode, Status } from '@cb/protocol';
import fc from 'fast-check';
import { parseMulti } from '../../src/subdoc/multi.js';
import { LIMITS, LIMITS_7_2, lookupSpec, mutationSpec, type SpecParts } from './subdoc-bytes.js';

const get: SpecParts = [Opcode.SubdocGet, 'a'];
const upsert: SpecParts = [Opcode.SubdocDictUpsert, 'a', '1'];
const wholeDelete: SpecParts = [Opcode.Delete, ''];

function lookup(specs: readonly SpecParts[], extras = '', limits = LIMITS_7_2) {
  return parseMulti(
    false,
    { extras: Buffer.from(extras, 'hex'), value: Buffer.concat(specs.map(lookupSpec)), cas: 0n },
    limits,
  );
}

function mutation(specs: readonly SpecParts[], extras = '', cas = 0n, limits = LIMITS_7_2) {
  const value = Buffer.concat(specs.map(mutationSpec));
  return parseMulti(true, { extras: Buffer.from(extras, 'hex'), value, cas }, limits);
}

test('reads specs, document flags and expiry', () => {
  expect(lookup([get, [Opcode.Get, '']], '04')).toMatchObject({
    isMulti: true,
    mutates: false,
    docFlags: 4,
    specs: [{ path: Buffer.from('a') }, { path: Buffer.alloc(0) }],
  });
  expect(mutation([upsert], '0000006401')).toMatchObject({ mutates: true, docFlags: 1, expiry: 100 });
  expect(mutation([upsert], '00000064')).toMatchObject({ docFlags: 0, expiry: 100 });
  expect(mutation(Array(16).fill(upsert))).toHaveProperty('specs.length', 16);
});

test('reads user flags behind the expiry, where the server knows them', () => {
  expect(mutation([upsert], '0000006402000000', 0n, LIMITS)).toMatchObject({
    docFlags: 0,
    expiry: 100,
    userFlags: 0x02000000,
  });
  expect(mutation([upsert], '000000000000000001', 0n, LIMITS)).toMatchObject({ docFlags: 1, expiry: 0, userFlags: 0 });
  expect(mutation([upsert], '0000006401', 0n, LIMITS)).toMatchObject({ expiry: 100, userFlags: undefined });
  for (const extras of ['0000000002000000', '000000000200000001']) {
    expect(mutation([upsert], extras)).toEqual(invalid('Request extras invalid'));
    expect(lookup([get], extras, LIMITS)).toEqual(invalid('Request extras invalid'));
  }
  for (const size of [2, 3, 6, 7, 10, 12, 13]) {
    expect(mutation([upsert], '00'.repeat(size), 0n, LIMITS)).toEqual(invalid('Request extras invalid'));
  }
});

const combo = (context: string) => ({ status: Status.SubdocInvalidCombo, context });
const invalid = (context: string) => ({ status: Status.Invalid, context });

test('refuses lookups that are not in order', () => {
  expect(lookup([])).toEqual(combo('Request must contain at least one path'));
  expect(lookup(Array(17).fill(get))).toEqual(combo('Request must contain at most 16 paths'));
  expect(lookup([get, [Opcode.SubdocDictUpsert, 'a']])).toEqual(
    combo('Mutation opcodes only permitted for mutation commands'),
  );
  expect(lookup([[0x55, 'a']])).toEqual(combo('Subdoc and MCBP command must not both be invalid'));
  expect(lookup([[Opcode.SubdocGet, 'a', '', 1]])).toEqual(invalid('Request flags invalid'));
  expect(lookup([[Opcode.SubdocGet, '']])).toEqual(invalid('Request must include path'));
  expect(lookup([[Opcode.SubdocGet, 'p'.repeat(1025)]])).toEqual(invalid('Request path length exceeds maximum'));
  expect(lookup([[Opcode.Get, 'a']])).toEqual(invalid('Request must not include path for wholedoc operations'));
  expect(lookup([get], '00000064')).toEqual(invalid('Request extras invalid'));
  expect(lookup([get], '40')).toEqual(invalid('Request extras invalid'));
  expect(lookup([get], '01')).toEqual(invalid('Request document flags invalid'));
  expect(lookup([get], '10')).toEqual(invalid("ReviveDocument can't be used without AccessDeleted"));
});

test('refuses mutations that are not in order', () => {
  expect(mutation([get])).toEqual(combo('Mutation opcodes only permitted for mutation commands'));
  expect(mutation([[Opcode.SubdocDictUpsert, 'a']])).toEqual(invalid('Request must include value'));
  expect(mutation([[Opcode.SubdocDelete, 'a', '1']])).toEqual(invalid('Request must not include value'));
  expect(mutation([upsert], '02', 5n)).toEqual(invalid('Request with add flag must have CAS 0'));
  expect(mutation([upsert], '03')).toEqual(invalid('Request must not contain both add and mkdoc flags'));
  expect(mutation([upsert], '1c')).toEqual(invalid("ReviveDocument can't be used with CreateAsDeleted"));
  expect(mutation([upsert, wholeDelete])).toEqual(combo('Request contains an invalid combination of commands'));
  expect(mutation([wholeDelete, upsert])).toEqual(combo('Request contains an invalid combination of commands'));
  expect(mutation([[Opcode.Set, '', '{}']], '04')).toEqual(invalid('Request document flags invalid'));
});

test('refuses attributes that are not in order', () => {
  const x = (path: string): SpecParts => [Opcode.SubdocGet, path, '', 4];
  expect(lookup([get, x('a')])).toEqual({ status: Status.SubdocInvalidXattrOrder });
  expect(lookup([x('a.b'), x('c')])).toEqual({ status: Status.SubdocXattrInvalidKeyCombo });
  expect(lookup([x('$document'), x('a.b'), x('$XTOC'), x('a[0]')])).toHaveProperty('specs.length', 4);
  expect(lookup([x('')])).toEqual({ status: Status.XattrInvalid, context: 'Request XATTR key invalid' });
});

test('takes replica reads where they are there, and of deleted documents where those are', () => {
  const withoutDeleted = { ...LIMITS, replicaReadsOfDeleted: false };
  expect(lookup([get, [Opcode.Get, '']], '20', LIMITS)).toMatchObject({ docFlags: 0x20 });
  expect(lookup([get], '24', LIMITS)).toMatchObject({ docFlags: 0x24 });
  expect(lookup([get], '20')).toEqual(invalid('Request extras invalid'));
  expect(lookup([get], '24', withoutDeleted)).toEqual(invalid("Can't access deleted documents on replicas"));
  expect(mutation([upsert], '20', 0n, LIMITS)).toEqual(invalid('Request document flags invalid'));
});

test('takes several attributes where the server does, and nothing else that is out of order', () => {
  const x = (path: string): SpecParts => [Opcode.SubdocGet, path, '', 4];
  expect(lookup([x('a.b'), x('c'), x('$XTOC')], '', LIMITS)).toHaveProperty('specs.length', 3);
  expect(lookup([x('a'), get, x('b')], '', LIMITS)).toEqual({ status: Status.SubdocInvalidXattrOrder });
});

test('a spec that is cut off is refused, wherever the cut is', () => {
  const specs = mutationSpec([Opcode.SubdocDictUpsert, 'path', '"value"']);
  for (let cut = 1; cut < specs.length; cut++) {
    const value = specs.subarray(0, cut);
    const context = cut < 8 ? 'Multi mutation spec truncated' : 'Multi mutation path and value truncated';
    expect(parseMulti(true, { extras: Buffer.alloc(0), value, cas: 0n }, LIMITS_7_2)).toEqual(invalid(context));
  }
  const value = lookupSpec(get).subarray(0, 4);
  expect(parseMulti(false, { extras: Buffer.alloc(0), value, cas: 0n }, LIMITS_7_2)).toEqual(
    invalid('Multi lookup path truncated'),
  );
});

test('any bytes are a command or a refusal', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 40 }),
      (mutates, extras, value) => {
        const request = { extras: Buffer.from(extras), value: Buffer.from(value), cas: 0n };
        const command = parseMulti(mutates, request, LIMITS_7_2);
        expect('status' in command ? command.status : command.specs.length).toBeTruthy();
      },
    ),
  );
});
