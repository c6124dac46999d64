import { Datatype, Opcode, Status } from '@cb/protocol';
import fc from 'fast-check';
import { decodeXattrs, encodeXattrs } from '../../src/store/xattr.js';
import { execute } from '../../src/subdoc/execute.js';
import { DocFlag } from '../../src/subdoc/operation.js';
import type { SubdocOutcome } from '../../src/subdoc/outcome.js';
import { environment, multi, run, type SpecParts, single, stored } from './subdoc-bytes.js';

const CAS = 0x18e9b28eeef90000n;
const { Mkdoc, Add, AccessDeleted, CreateAsDeleted, Revive } = DocFlag;

function section(entries: Readonly<Record<string, string>>): Buffer | undefined {
  return encodeXattrs(Object.entries(entries).map(([key, value]) => ({ key, value: Buffer.from(value) })));
}

/** What the outcome leaves of the document. */
function left({ change }: SubdocOutcome): { body: string; xattrs: Record<string, string> } {
  const xattrs = decodeXattrs(change!.xattrs)!.map(({ key, value }) => [key, value.toString()]);
  return { body: change!.body.toString(), xattrs: Object.fromEntries(xattrs) };
}

const get: SpecParts = [Opcode.SubdocGet, 'a'];
const upsert: SpecParts = [Opcode.SubdocDictUpsert, 'a', '2'];
const x = (path: string, value?: string, flags = 0x05): SpecParts => [
  Opcode.SubdocDictUpsert,
  path,
  value ?? '1',
  flags,
];
const getX = (path: string): SpecParts => [Opcode.SubdocGet, path, '', 0x04];

describe('lookups', () => {
  test('a single one replies with the value and the CAS', () => {
    const outcome = run(single(get), stored('{"a":1}'));
    expect(outcome).toMatchObject({ status: 0, datatype: Datatype.Json, cas: CAS, change: undefined });
    expect(outcome.value.toString()).toBe('1');
  });

  test('a single one that fails replies with its status alone', () => {
    expect(run(single(get), stored('{}'))).toMatchObject({ status: Status.SubdocPathNotFound, cas: 0n });
    expect(run(single(get), undefined)).toMatchObject({ status: Status.KeyNotFound });
    expect(run(single(get), stored('text', { datatype: 0 }))).toMatchObject({ status: Status.SubdocDocNotJson });
  });

  test('several reply with a status and a value each', () => {
    const command = multi(false, [get, [Opcode.SubdocExists, 'a'], [Opcode.SubdocGetCount, ''], [Opcode.Get, '']]);
    const outcome = run(command, stored('{"a":1}'));
    expect(outcome).toMatchObject({ status: 0, datatype: 0, cas: CAS });
    expect(outcome.value.toString('latin1')).toBe(
      '\0\0\0\0\0\x011' + '\0\0\0\0\0\0' + '\0\0\0\0\0\x011' + '\0\0\0\0\0\x07{"a":1}',
    );
  });

  test('several of which one fails still reply with the others', () => {
    const outcome = run(multi(false, [[Opcode.SubdocGet, 'b'], get]), stored('{"a":1}'));
    expect(outcome).toMatchObject({ status: Status.SubdocMultiPathFailure, cas: CAS });
    expect(outcome.value.toString('latin1')).toBe('\0\xc0\0\0\0\0\0\0\0\0\0\x011');
  });

  test('a CAS must be the right one', () => {
    expect(run(single(get, 0, CAS), stored('{"a":1}')).status).toBe(Status.Success);
    expect(run(single(get, 0, 5n), stored('{"a":1}')).status).toBe(Status.KeyExists);
  });

  test('a locked document is not read', () => {
    expect(run(single(get), stored('{"a":1}', { locked: true })).status).toBe(Status.Locked);
    expect(run(single(getX('$document.CAS')), stored('{}', { locked: true })).status).toBe(Status.Locked);
  });

  test('attributes are looked up, virtual ones together with one of the document', () => {
    const document = stored('{}', { xattrs: section({ meta: '{"a":1}' }) });
    expect(run(single(getX('meta.a')), document).value.toString()).toBe('1');
    expect(run(single(getX('meta')), document).value.toString()).toBe('{"a":1}');
    expect(run(single(getX('other')), document).status).toBe(Status.SubdocPathNotFound);
    expect(run(single(getX('$document.datatype[0]')), document).value.toString()).toBe('"json"');
    expect(run(single(getX('$document.nope')), document).status).toBe(Status.SubdocPathNotFound);
    expect(run(single(getX('$foo')), document).status).toBe(Status.SubdocXattrUnknownVattr);
    const both = run(multi(false, [getX('$document.flags'), getX('meta.a')]), document);
    expect(both.value.toString('latin1')).toBe('\0\0\0\0\0\x03153\0\0\0\0\0\x011');
  });

  test('system attributes need a privilege', () => {
    const document = stored('{}', { xattrs: section({ _sys: '1' }) });
    const restricted = { ...environment, mayReadSystemXattrs: false };
    expect(execute(single(getX('_sys')), document, restricted).status).toBe(Status.Access);
    const several = execute(multi(false, [getX('_sys'), [Opcode.Get, '']]), document, restricted);
    expect(several.status).toBe(Status.SubdocMultiPathFailure);
    expect(several.value.toString('latin1')).toBe('\0\x24\0\0\0\0\0\0\0\0\0\x02{}');
  });

  test('a tombstone is read by who asks for it, and the reply says so', () => {
    const tombstone = stored('', { deleted: true, datatype: 0, xattrs: section({ _sys: '1' }) });
    expect(run(single(getX('_sys')), tombstone).status).toBe(Status.KeyNotFound);
    expect(run(single(getX('_sys'), AccessDeleted), tombstone).status).toBe(Status.SubdocSuccessDeleted);
    expect(run(single(get, AccessDeleted), tombstone).status).toBe(Status.SubdocDocNotJson);
    const several = multi(false, [getX('_sys'), [Opcode.Get, '']], AccessDeleted);
    expect(run(several, tombstone).status).toBe(Status.SubdocMultiPathFailureDeleted);
  });
});

describe('mutations', () => {
  test('a single one says what to store', () => {
    const outcome = run(single(upsert), stored('{"a":1}'));
    expect(outcome).toMatchObject({
      status: 0,
      datatype: 0,
      change: { datatype: Datatype.Json, deleted: false, expandMacros: undefined },
    });
    expect(left(outcome)).toEqual({ body: '{"a":2}', xattrs: {} });
  });

  test('only what reports something is in the reply', () => {
    const command = multi(true, [
      upsert,
      [Opcode.SubdocCounter, 'n', '5'],
      [Opcode.SubdocDelete, 'a'],
      [Opcode.SubdocCounter, 'n', '-1'],
    ]);
    const outcome = run(command, stored('{"a":1}'));
    expect(outcome.value.toString('latin1')).toBe('\x01\0\0\0\0\0\x015\x03\0\0\0\0\0\x014');
    expect(left(outcome).body).toBe('{"n":4}');
    expect(run(single([Opcode.SubdocCounter, 'n', '5']), stored('{}'))).toMatchObject({ datatype: Datatype.Json });
  });

  test('the first failure is the reply, and nothing is stored', () => {
    const command = multi(true, [upsert, [Opcode.SubdocReplace, 'b', '1'], [Opcode.SubdocReplace, 'c[', '1']]);
    const outcome = run(command, stored('{"a":1}'));
    expect(outcome).toMatchObject({ status: Status.SubdocMultiPathFailure, change: undefined, cas: 0n });
    expect(outcome.value.toString('hex')).toBe('0100c0');
  });

  test('a missing document is made when asked for, with the root that the first path needs', () => {
    expect(run(single(upsert), undefined).status).toBe(Status.KeyNotFound);
    expect(left(run(single(upsert, Mkdoc), undefined)).body).toBe('{"a":2}');
    expect(left(run(single([Opcode.SubdocArrayPushLast, '', '1'], Add), undefined)).body).toBe('[1]');
    expect(left(run(single([Opcode.SubdocArrayInsert, '[0]', '1'], Add), undefined)).body).toBe('[1]');
    expect(left(run(single([Opcode.SubdocDictAdd, 'a.b', '1'], Mkdoc), undefined)).body).toBe('{"a":{"b":1}}');
    expect(left(run(multi(true, [x('m.a')], Mkdoc), undefined))).toEqual({ body: '{}', xattrs: { m: '{"a":1}' } });
    expect(run(single(upsert, Mkdoc, 5n), undefined).change).toHaveProperty('original', undefined);
  });

  test('add wants no document', () => {
    expect(run(single(upsert, Add), stored('{}')).status).toBe(Status.KeyExists);
    const tombstone = stored('', { deleted: true, datatype: 0, xattrs: section({ _sys: '1' }) });
    expect(run(single(x('_sys'), Add | AccessDeleted), tombstone).status).toBe(Status.KeyExists);
    expect(left(run(single(upsert, Add), tombstone))).toEqual({ body: '{"a":2}', xattrs: {} });
  });

  test('the whole body is set, JSON or not, and later paths see it', () => {
    const outcome = run(multi(true, [[Opcode.Set, '', '{"b":1}'], upsert]), stored('text', { datatype: 0 }));
    expect(left(outcome).body).toBe('{"b":1,"a":2}');
    const text = run(multi(true, [[Opcode.Set, '', 'just text']]), stored('{}'));
    expect(text.change).toMatchObject({ datatype: Datatype.Raw });
    expect(run(multi(true, [[Opcode.Set, '', '{}']], Mkdoc), undefined).change).toHaveProperty('original', undefined);
  });

  test('deleting the body keeps the attributes of the system', () => {
    const document = stored('{}', { xattrs: section({ user: '1', _sys: '2' }) });
    const outcome = run(multi(true, [[Opcode.Delete, '']]), document);
    expect(outcome).toMatchObject({ status: 0, change: { deleted: true, datatype: Datatype.Raw } });
    expect(left(outcome)).toEqual({ body: '', xattrs: { _sys: '2' } });
    expect(run(multi(true, [[Opcode.Delete, '']]), undefined).status).toBe(Status.KeyNotFound);
  });

  test('a locked document takes a CAS, which is checked when it is stored', () => {
    expect(run(single(upsert), stored('{}', { locked: true })).status).toBe(Status.Locked);
    expect(run(single(upsert, 0, 7n), stored('{}', { locked: true })).status).toBe(Status.Success);
  });
});

describe('mutations of attributes', () => {
  test('an attribute is made, changed and removed', () => {
    const document = stored('{}', { xattrs: section({ meta: '{"a":1}', top: '"v"' }) });
    expect(left(run(single(x('new.b')), document)).xattrs).toEqual({
      meta: '{"a":1}',
      top: '"v"',
      new: '{"b":1}',
    });
    expect(left(run(single(x('meta.a', ' 22 ')), document)).xattrs).toEqual({ top: '"v"', meta: '{"a": 22 }' });
    const removed = run(single([Opcode.SubdocDelete, 'top', '', 0x04]), document);
    expect(left(removed).xattrs).toEqual({ meta: '{"a":1}' });
    expect(run(single(x('meta', '1', 0x04)), document).status).toBe(Status.Success);
    expect(run(single([Opcode.SubdocDictAdd, 'top', '1', 0x04]), document).status).toBe(Status.SubdocPathExists);
  });

  test('the last one to go takes the section with it', () => {
    const document = stored('{}', { xattrs: section({ m: '1' }) });
    expect(run(single([Opcode.SubdocDelete, 'm', '', 0x04]), document).change?.xattrs).toBeUndefined();
  });

  test('a colon in a key is part of the key', () => {
    const document = stored('{}', { xattrs: section({ 'a:b': '{"c":1}' }) });
    expect(left(run(single(x('a:b.c', '2')), document)).xattrs).toEqual({ 'a:b': '{"c":2}' });
  });

  test('macros of the mutation are expanded when it is known', () => {
    const macro = (name: string) => `"\${Mutation.${name}}"`;
    const command = multi(true, [
      x('m.cas', macro('CAS'), 0x15),
      x('m.seq', macro('seqno'), 0x15),
      x('m.crc', macro('value_crc32c'), 0x15),
      x('m.lit', macro('CAS'), 0x05),
      [Opcode.Set, '', '{"a":1}'],
    ]);
    const outcome = run(command, stored('{}'));
    outcome.change!.expandMacros!(0x0123456789abcdefn, 27);
    expect(left(outcome).xattrs).toEqual({
      m: `{"cas":"0xefcdab8967452301","seq":"0x000000000000001b","crc":"0xcff7d56a","lit":${macro('CAS')}}`,
    });
  });

  test('macros of the document are expanded at once', () => {
    const outcome = run(single(x('m.rev', `"\${$document.revid}"`, 0x15)), stored('{}'));
    expect(left(outcome).xattrs).toEqual({ m: '{"rev":"3"}' });
    expect(outcome.change?.expandMacros).toBeUndefined();
    expect(run(single(x('m.rev', `"\${$document.nope}"`, 0x15)), stored('{}')).status).toBe(
      Status.SubdocXattrUnknownVattrMacro,
    );
  });

  test('an attribute becomes the body', () => {
    const document = stored('{"old":1}', { xattrs: section({ t: '{"body":{"v":1}}' }) });
    const command = multi(true, [
      [Opcode.SubdocReplaceBodyWithXattr, 't.body', '', 0x04],
      [Opcode.SubdocDelete, 't', '', 0x04],
    ]);
    expect(left(run(command, document))).toEqual({ body: '{"v":1}', xattrs: {} });
    const missing = multi(true, [[Opcode.SubdocReplaceBodyWithXattr, 'nope', '', 0x04]]);
    expect(run(missing, document).value.toString('hex')).toBe('0000c0');
  });

  test('system attributes need a privilege', () => {
    const restricted = { ...environment, mayWriteSystemXattrs: false };
    expect(execute(single(x('_s.a')), stored('{}'), restricted).status).toBe(Status.Access);
    const several = execute(multi(true, [x('_s.a')]), stored('{}'), restricted);
    expect(several.value.toString('hex')).toBe('000024');
    expect(execute(single(x('s.a')), stored('{}'), restricted).status).toBe(Status.Success);
  });
});

describe('several attributes', () => {
  const document = stored('{}', { xattrs: section({ a: '{"x":1}', b: '[1,2]', c: '"3"' }) });

  test('are looked up in one command', () => {
    const outcome = run(multi(false, [getX('a.x'), getX('$document.flags'), getX('b[1]'), getX('d')]), document);
    expect(outcome.status).toBe(Status.SubdocMultiPathFailure);
    expect(outcome.value.toString('latin1')).toBe(
      '\0\0\0\0\0\x011' + '\0\0\0\0\0\x03153' + '\0\0\0\0\0\x012' + '\0\xc0\0\0\0\0',
    );
  });

  test('are made, changed and removed in one command', () => {
    const command = multi(true, [
      x('b[0]', '7', 0x04),
      x('d.new', '{}'),
      [Opcode.SubdocReplace, 'b[0]', '8', 0x04],
      [Opcode.SubdocDelete, 'c', '', 0x04],
      x('a.y', '2'),
    ]);
    expect(run(command, document).value.toString('hex')).toBe('0000c2');
    const outcome = run({ ...command, specs: command.specs.slice(1) }, document);
    expect(left(outcome).xattrs).toEqual({ a: '{"x":1,"y":2}', b: '[8,2]', d: '{"new":{}}' });
  });

  test('have their macros expanded, each of them', () => {
    const macro = `"\${Mutation.seqno}"`;
    const outcome = run(multi(true, [x('a.s', macro, 0x15), x('n.s', macro, 0x15), x('c', '4', 0x04)]), document);
    outcome.change!.expandMacros!(1n, 27);
    const seqno = '"0x000000000000001b"';
    expect(left(outcome).xattrs).toEqual({ a: `{"x":1,"s":${seqno}}`, b: '[1,2]', c: '4', n: `{"s":${seqno}}` });
  });

  test('are all out of bounds when one is', () => {
    const restricted = { ...environment, mayReadSystemXattrs: false };
    const outcome = execute(multi(false, [getX('a.x'), getX('_sys')]), document, restricted);
    expect(outcome.value.toString('hex')).toBe('002400000000'.repeat(2));
  });
});

describe('binary values', () => {
  const BINARY = 0x24;
  const ENCODED = '"cb-content-base64-encoded:AAH/"';
  const bytes = '\0\x01\x7f';
  const document = stored('{}', { xattrs: section({ t: `{"bin":${ENCODED},"text":"AAH/","n":1}` }) });

  test('are stored as text that says so', () => {
    const upserted = run(single(x('t.bin', bytes, BINARY | 0x01)), stored('{}'));
    expect(left(upserted).xattrs).toEqual({ t: '{"bin":"cb-content-base64-encoded:AAF/"}' });
    const replaced = run(single([Opcode.SubdocReplace, 't.n', 'x', BINARY]), document);
    expect(left(replaced).xattrs['t']).toContain('"n":"cb-content-base64-encoded:eA=="');
    const added = run(multi(true, [[Opcode.SubdocDictAdd, 't.new', 'x', BINARY]]), document);
    expect(left(added).xattrs['t']).toContain('"new":"cb-content-base64-encoded:eA=="');
  });

  test('are read as bytes by who asks for those, and as text by others', () => {
    const asBytes = run(single([Opcode.SubdocGet, 't.bin', '', BINARY]), document);
    expect(asBytes).toMatchObject({ status: 0, datatype: Datatype.Raw, value: Buffer.from([0, 1, 0xff]) });
    const asText = run(single(getX('t.bin')), document);
    expect(asText).toMatchObject({ status: 0, datatype: Datatype.Json, value: Buffer.from(ENCODED) });
  });

  test('are not what else is there', () => {
    const read = (path: string): SpecParts => [Opcode.SubdocGet, path, '', BINARY];
    for (const path of ['t', 't.text', 't.n', '$document.CAS']) {
      expect(run(single(read(path)), document).status).toBe(Status.SubdocFieldNotBinaryValue);
    }
    const several = run(multi(false, [read('t.n'), read('t.bin')]), document);
    expect(several.value.toString('hex')).toBe('00d800000000' + '0000000000030001ff');
    expect(run(single(read('t.nope')), document).status).toBe(Status.SubdocPathNotFound);
  });

  test('become the body, as bytes or as the text that says so', () => {
    const toBody = (path: string, flags: number): SpecParts => [Opcode.SubdocReplaceBodyWithXattr, path, '', flags];
    const asBytes = run(multi(true, [toBody('t.bin', BINARY)]), document);
    expect(asBytes.change).toMatchObject({ body: Buffer.from([0, 1, 0xff]), datatype: Datatype.Raw });
    const asText = run(multi(true, [toBody('t.bin', 0x04)]), document);
    expect(asText.change).toMatchObject({ body: Buffer.from(ENCODED), datatype: Datatype.Json });
    expect(run(multi(true, [toBody('t.n', BINARY)]), document).value.toString('hex')).toBe('0000d8');
    const json = stored('', { xattrs: section({ t: '"cb-content-base64-encoded:e30="' }) });
    expect(run(multi(true, [toBody('t', BINARY)]), json).change).toMatchObject({
      body: Buffer.from('{}'),
      datatype: Datatype.Json,
    });
  });
});

describe('tombstones', () => {
  const tombstone = stored('', { deleted: true, datatype: 0, xattrs: section({ _t: '{"body":{"v":1}}' }) });

  test('a document is made as one', () => {
    const outcome = run(multi(true, [x('_t.id')], Mkdoc | AccessDeleted | CreateAsDeleted), undefined);
    expect(outcome).toMatchObject({
      status: Status.SubdocSuccessDeleted,
      change: { deleted: true, original: undefined },
    });
    expect(left(outcome)).toEqual({ body: '', xattrs: { _t: '{"id":1}' } });
    const withBody = run(multi(true, [x('_t.id'), upsert], Mkdoc | CreateAsDeleted), undefined);
    expect(withBody.value.toString('hex')).toBe('0100c6');
    expect(run(multi(true, [x('_t.id')], CreateAsDeleted), undefined).status).toBe(Status.KeyNotFound);
  });

  test('its attributes are changed by who asks for it', () => {
    expect(run(multi(true, [x('_t.id')]), tombstone).status).toBe(Status.KeyNotFound);
    const outcome = run(multi(true, [x('_t.id')], AccessDeleted), tombstone);
    expect(outcome).toMatchObject({
      status: Status.SubdocSuccessDeleted,
      change: { deleted: true, original: tombstone.stored },
    });
    expect(run(multi(true, [upsert], AccessDeleted), tombstone).value.toString('hex')).toBe('0000c6');
  });

  test('it has no body, unless it is revived', () => {
    const toBody: SpecParts = [Opcode.SubdocReplaceBodyWithXattr, '_t.body', '', 0x04];
    expect(run(multi(true, [toBody], AccessDeleted), tombstone)).toMatchObject({
      status: Status.SubdocDeletedDocumentCantHaveValue,
      context: "A deleted document can't have a value",
    });
    const revived = run(multi(true, [toBody], AccessDeleted | Revive), tombstone);
    expect(revived).toMatchObject({ status: 0, change: { deleted: false, datatype: Datatype.Json } });
    expect(left(revived).body).toBe('{"v":1}');
  });

  test('what is alive is not revived', () => {
    const status = Status.SubdocCanOnlyReviveDeletedDocuments;
    expect(run(multi(true, [x('_t.id')], AccessDeleted | Revive), stored('{}')).status).toBe(status);
    expect(run(multi(true, [x('_t.id')], AccessDeleted | Revive | Mkdoc), undefined).status).toBe(status);
  });
});

test('whatever the command and the document, there is an outcome', () => {
  const opcodes = [0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf];
  const paths = fc.constantFrom('a', 'a.b', 'a[0]', '[0]', '[-1].a', 'm.x', '_s', 'a[', '`');
  const bodies = fc.constantFrom('{"a":1}', '{"a":[1]}', '[]', '[{"a":{}}]', '"x"', '7', 'text', '{"a"', '');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...opcodes), paths), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(0, Mkdoc, AccessDeleted),
      fc.option(bodies, { nil: undefined }),
      fc.boolean(),
      (specs, docFlags, body, deleted) => {
        const parts = specs.map(([opcode, path]): SpecParts => [opcode, path, opcode === 0xc9 ? '' : '1']);
        const usable = parts.filter(([opcode]) => docFlags !== Mkdoc || ![0xc9, 0xca, 0xcd].includes(opcode));
        fc.pre(usable.length > 0);
        const document = body === undefined ? undefined : stored(body, { deleted });
        const { status, change } = run(multi(true, usable, docFlags), document);
        const isSuccess = status === Status.Success || status === Status.SubdocSuccessDeleted;
        expect(change !== undefined).toBe(isSuccess);
      },
    ),
  );
});
