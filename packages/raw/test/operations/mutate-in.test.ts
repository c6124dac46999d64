import { FeatureNotAvailableError, Opcode, ProtocolError, Status, SubdocPathExistsError } from '@cb/protocol';
import type { MutateInOptions } from '../../src/operations/mutate-in.js';
import { MutateInMacro } from '../../src/subdoc/mutate-in-macro.js';
import { MutateInSpec } from '../../src/subdoc/mutate-in-spec.js';
import { failure, ScriptedBucket, settled } from '../scripted-bucket.js';

const { Success, SubdocMultiPathFailure, SubdocSuccessDeleted } = Status;
const TOKEN = Buffer.from('00000000000000070000000000000009', 'hex');

let scripted: ScriptedBucket;

beforeEach(async () => {
  scripted = await ScriptedBucket.start(Opcode.SubdocMultiMutation);
  scripted.answer = { status: Success, extras: TOKEN, cas: 3n };
});

afterEach(() => scripted[Symbol.asyncDispose]());

/** Index u8, status u16, length u32, value (kv_engine docs/SubDocument.md, "Mutation Result"). */
function result(index: number, value: string, status: number = Success): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(index);
  head.writeUInt16BE(status, 1);
  head.writeUInt32BE(value.length, 3);
  return Buffer.concat([head, Buffer.from(value)]);
}

describe('the request', () => {
  test('is that of the example in the documents', async () => {
    const parents = { createParents: true } as const;
    scripted.answer = { status: Success, extras: TOKEN, value: result(1, '2') };
    await settled(
      scripted.bucket.mutateIn('u:1234', [
        MutateInSpec.arrayAddUnique('login_locations', '192.168.3.4', parents),
        MutateInSpec.counter('login_count', 1, parents),
        MutateInSpec.upsert('state', 'logged_in', parents),
      ]),
    );
    // kv_engine docs/SubDocument.md, "Example - Multiple Mutations".
    const specs = [
      Buffer.from('ce01000f0000000d', 'hex'),
      'login_locations"192.168.3.4"',
      Buffer.from('cf01000b00000001', 'hex'),
      'login_count1',
      Buffer.from('c80100050000000b', 'hex'),
      'state"logged_in"',
    ];
    const value = Buffer.concat(specs.map((part) => Buffer.from(part as string)));
    expect(scripted.asked).toEqual([{ opcode: 0xd1, extras: Buffer.alloc(0), key: '\0u:1234', value }]);
  });

  test.each<[string, MutateInSpec, string]>([
    ['upsert', MutateInSpec.upsert('a', 1, { xattr: true }), 'c8 04 0001 00000001 61 31'],
    ['insert', MutateInSpec.insert('a', null), 'c7 00 0001 00000004 61 6e756c6c'],
    ['replace', MutateInSpec.replace('a', Buffer.of(0xff), { binary: true }), 'ca 24 0001 00000001 61 ff'],
    ['remove', MutateInSpec.remove('ü'), 'c9 00 0002 00000000 c3bc'],
    ['arrayAppend', MutateInSpec.arrayAppend('', [1, [2], 'ü']), 'cb 00 0000 0000000a 312c5b325d2c22c3bc22'],
    ['arrayPrepend', MutateInSpec.arrayPrepend('a', [[]]), 'cc 00 0001 00000002 61 5b5d'],
    ['arrayInsert', MutateInSpec.arrayInsert('[0]', [1n]), 'cd 00 0003 00000001 5b305d 31'],
    ['counter', MutateInSpec.counter('a', -(2n ** 63n)), `cf 00 0001 00000014 61 ${hex('-9223372036854775808')}`],
    ['setDocument', MutateInSpec.setDocument({}), '01 00 0000 00000002 7b7d'],
    ['removeDocument', MutateInSpec.removeDocument(), '04 00 0000 00000000'],
    ['replaceBodyWithXattr', MutateInSpec.replaceBodyWithXattr('x'), 'd3 04 0001 00000000 78'],
    [
      'a macro',
      MutateInSpec.upsert('a', MutateInMacro.cas),
      'c8 14 0001 00000011 61 22247b4d75746174696f6e2e4341537d22',
    ],
  ])('of %s', async (_name, spec, expected) => {
    const value = spec.read === undefined ? Buffer.alloc(0) : result(0, '1');
    scripted.answer = { status: Success, extras: TOKEN, value };
    await settled(scripted.bucket.mutateIn('k', [spec]));
    expect(scripted.asked[0]?.value.toString('hex')).toBe(expected.replaceAll(' ', ''));
  });

  test.each<[MutateInOptions, string]>([
    [{}, ''],
    [{ ttl: 0 }, ''],
    [{ ttl: 258 }, '00000102'],
    [{ upsertDoc: true }, '01'],
    [{ insertDoc: true, ttl: 1 }, '0000000102'],
    [{ accessDeleted: true }, '04'],
    [{ createAsDeleted: true, upsertDoc: true }, '09'],
    [{ revive: true }, '14'],
    [{ upsertDoc: false, accessDeleted: false }, ''],
  ])('with %j has the extras %j', async (options, extras) => {
    await settled(scripted.bucket.mutateIn('k', [MutateInSpec.remove('a')], options));
    expect(scripted.asked[0]?.extras.toString('hex')).toBe(extras);
  });

  function hex(text: string): string {
    return Buffer.from(text).toString('hex');
  }
});

describe('the answer', () => {
  const specs = [
    MutateInSpec.upsert('a', 1),
    MutateInSpec.counter('n', 1),
    MutateInSpec.counter('x', 1, { xattr: true }),
  ] as const;

  test('has values by their place on the wire', async () => {
    scripted.answer = {
      status: SubdocSuccessDeleted,
      extras: TOKEN,
      value: Buffer.concat([result(2, '9007199254740993'), result(0, '-1')]),
      cas: 3n,
    };
    const answer = await settled(scripted.bucket.mutateIn('k', specs));
    expect([...answer]).toEqual([undefined, 9007199254740993n, -1]);
    expect(answer).toMatchObject({ cas: 3n, deleted: true, mutationToken: { seqno: 9n } });
  });

  test('names the operation that failed', async () => {
    scripted.answer = { status: SubdocMultiPathFailure, value: Buffer.from('0100c9', 'hex') };
    const error = await failure(scripted.bucket.mutateIn('k', specs));
    expect(error).toBeInstanceOf(SubdocPathExistsError);
    expect(error).toMatchObject({ path: 'a', index: 0, key: 'k', ambiguous: false });
  });

  const good = Buffer.concat([result(0, '1'), result(2, '22')]);
  test.each<[string, number, Buffer]>([
    ['without the value of a counter', Success, result(0, '1')],
    ['that is empty', Success, Buffer.alloc(0)],
    ['about an operation that was not asked for', Success, Buffer.concat([good, result(3, '1')])],
    ['with two results of one operation', Success, Buffer.concat([good, result(0, '1')])],
    ['with a failure in a success', Success, Buffer.concat([result(0, '1'), result(2, '2', 0xc0)])],
    ['with a length beyond its end', Success, Buffer.concat([good, Buffer.from('010000ffffffff', 'hex')])],
    ['with a counter that is not a number', Success, Buffer.concat([result(0, '1'), result(2, 'x')])],
    ['with an endless counter', Success, Buffer.concat([result(0, '1'), result(2, '9'.repeat(500))])],
    ['with a failure of nothing', SubdocMultiPathFailure, Buffer.alloc(0)],
    ['with a failure cut short', SubdocMultiPathFailure, Buffer.from('0000', 'hex')],
    ['with two failures', SubdocMultiPathFailure, Buffer.from('0000c00100c0', 'hex')],
    ['with a failure of what was not asked for', SubdocMultiPathFailure, Buffer.from('0300c0', 'hex')],
    ['with a failure that is a success', SubdocMultiPathFailure, Buffer.from('000000', 'hex')],
    ['with a failure of unknown status', SubdocMultiPathFailure, Buffer.from('001234', 'hex')],
    ...Array.from({ length: good.length }, (_none, length): [string, number, Buffer] => [
      `cut after ${length} bytes`,
      Success,
      good.subarray(0, length),
    ]),
  ])('%s is a protocol error of this operation alone', async (_what, status, value) => {
    scripted.answer = { status, extras: status === Success ? TOKEN : Buffer.alloc(0), value };
    const error = await failure(scripted.bucket.mutateIn('k', specs));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ operation: 'mutateIn', key: 'k' });
    scripted.answer = { status: Success, value: good };
    expect([...(await settled(scripted.bucket.mutateIn('k', specs)))]).toEqual([undefined, 22, 1]);
  });

  test('with extras that are not a token is a protocol error', async () => {
    scripted.answer = { status: Success, extras: TOKEN.subarray(1), value: good };
    expect(await failure(scripted.bucket.mutateIn('k', specs))).toBeInstanceOf(ProtocolError);
  });
});

describe('what the server does not have', () => {
  const document = MutateInSpec.upsert('x', MutateInMacro.document('CAS'));
  const plain = MutateInSpec.upsert('a', 1);
  test.each<[string, MutateInSpec, MutateInOptions]>([
    ['SubdocDocumentMacroSupport', document, {}],
    ['SubdocReplaceBodyWithXattr', MutateInSpec.replaceBodyWithXattr('x'), {}],
    ['SubdocBinaryXattr', MutateInSpec.upsert('x', Buffer.of(1), { binary: true }), {}],
    ['SubdocCreateAsDeleted', plain, { createAsDeleted: true, upsertDoc: true }],
  ])('%s is not sent', async (feature, spec, options) => {
    // Collections and extended attributes, and nothing newer.
    await using old = await ScriptedBucket.start(Opcode.SubdocMultiMutation, (frame) =>
      frame.opcode === Opcode.Hello ? { status: Success, value: Buffer.from('00120006', 'hex') } : undefined,
    );
    old.answer = { status: Success };
    const error = await failure(old.bucket.mutateIn('k', [spec], options));
    expect(error).toBeInstanceOf(FeatureNotAvailableError);
    expect(error).toMatchObject({ operation: 'mutateIn', key: 'k', attempts: 0 });
    expect(error.message).toContain(feature);
    expect((await settled(old.bucket.mutateIn('k', [plain]))).rc).toBe(0);
    expect(old.asked).toHaveLength(1);
  });
});
