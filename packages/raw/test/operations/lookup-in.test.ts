import {
  FeatureNotAvailableError,
  Opcode,
  ProtocolError,
  Status,
  SubdocPathInvalidError,
  ValueFormatError,
} from '@cb/protocol';
import { LookupInSpec } from '../../src/subdoc/lookup-in-spec.js';
import { failure, ScriptedBucket, settled } from '../scripted-bucket.js';

const { Success, SubdocMultiPathFailure, SubdocSuccessDeleted, SubdocMultiPathFailureDeleted } = Status;

/** Results as on the wire: status u16, length u32, value (kv_engine docs/SubDocument.md, "Lookup Result"). */
function results(...each: readonly (readonly [status: number, value: string])[]): Buffer {
  const parts = each.map(([status, value]) => {
    const head = Buffer.alloc(6);
    head.writeUInt16BE(status);
    head.writeUInt32BE(Buffer.byteLength(value), 2);
    return Buffer.concat([head, Buffer.from(value)]);
  });
  return Buffer.concat(parts);
}

let scripted: ScriptedBucket;

beforeEach(async () => {
  scripted = await ScriptedBucket.start(Opcode.SubdocMultiLookup);
});

afterEach(() => scripted[Symbol.asyncDispose]());

describe('the request', () => {
  const { get, exists, getCount, getDocument } = LookupInSpec;

  test('has an operation after the other, those on attributes first', async () => {
    scripted.answer = { status: Success, value: results([0, ''], [0, '1'], [0, '2'], [0, '{}']) };
    const specs = [get('a.b'), getCount(''), exists('_x', { xattr: true }), getDocument()] as const;
    const result = await settled(scripted.bucket.lookupIn('k', specs));
    // Opcode u8, flags u8, path length u16, path; opcodes and flags by kv_engine docs/SubDocument.md.
    const value = ['c6 04 0002', hex('_x'), 'c5 00 0003', hex('a.b'), 'd2 00 0000', '00 00 0000'].join('');
    expect(scripted.asked).toEqual([
      { opcode: 0xd0, extras: Buffer.alloc(0), key: '\0k', value: Buffer.from(value.replaceAll(' ', ''), 'hex') },
    ]);
    // The first answer is to the attribute.
    expect([...result.entries].map(({ path, value }) => [path, value])).toEqual([
      ['a.b', 1],
      ['', 2],
      ['_x', true],
      ['', {}],
    ]);
  });

  test('marks deleted documents and binary values', async () => {
    scripted.answer = { status: SubdocSuccessDeleted, value: results([0, '\u0001ÿ']), cas: 5n };
    const specs = [get('x', { binary: true })];
    const result = await settled(scripted.bucket.lookupIn('k', specs, { accessDeleted: true }));
    expect(scripted.asked[0]).toMatchObject({ extras: Buffer.of(0x04), value: Buffer.from('c524000178', 'hex') });
    expect(result).toMatchObject({ deleted: true, cas: 5n, rc: 0 });
    expect(result.content(0)).toEqual(Buffer.from('\u0001ÿ'));
  });

  function hex(text: string): string {
    return Buffer.from(text).toString('hex');
  }
});

describe('the answer', () => {
  const specs = [LookupInSpec.get('a'), LookupInSpec.getCount('b')] as const;

  test('may have failures of paths, of deleted documents too', async () => {
    scripted.answer = { status: SubdocMultiPathFailureDeleted, value: results([0xc0, ''], [0, '9']) };
    const result = await settled(scripted.bucket.lookupIn('k', specs));
    expect(result).toMatchObject({ rc: 0x49, deleted: true });
    expect(result.get(1)).toEqual({ rc: 0, value: 9 });
  });

  test('is refused by the first failure in the order of the call', async () => {
    scripted.answer = { status: SubdocMultiPathFailure, value: results([0xc1, ''], [0xc0, ''], [0xc2, '']) };
    const three = [LookupInSpec.get('a'), LookupInSpec.get('b'), LookupInSpec.get('x', { xattr: true })];
    const error = await failure(scripted.bucket.lookupIn('k', three));
    expect(error).toBeInstanceOf(SubdocPathInvalidError);
    expect(error).toMatchObject({ path: 'b', index: 1, key: 'k', status: 0xc2 });
  });

  const good = results([0, '1'], [0, '2']);
  test.each<[string, Buffer]>([
    ['that is empty', Buffer.alloc(0)],
    ['that ends before the last result', results([0, '1'])],
    ['that goes on after the last result', Buffer.concat([good, Buffer.of(0)])],
    ['with one result more', Buffer.concat([good, good])],
    ['with a length beyond its end', Buffer.concat([results([0, '1']), Buffer.from('0000ffffffff', 'hex')])],
    ['with a length one beyond its end', Buffer.from(results([0, '1'], [0, '2']).toString('hex').slice(0, -2), 'hex')],
    ['with an unknown status', results([0, '1'], [0x1234, ''])],
    ['with a count that is not a number', results([0, '1'], [0, '"2"'])],
    ['with an endless count', results([0, '1'], [0, '9'.repeat(1000)])],
    ...Array.from({ length: good.length }, (_none, length): [string, Buffer] => [
      `cut after ${length} bytes`,
      good.subarray(0, length),
    ]),
  ])('%s is a protocol error of this operation alone', async (_what, value) => {
    for (const status of [Success, SubdocMultiPathFailure]) {
      scripted.answer = { status, value };
      const error = await failure(scripted.bucket.lookupIn('k', specs));
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({ operation: 'lookupIn', key: 'k' });
    }
    scripted.answer = { status: Success, value: good };
    expect([...(await settled(scripted.bucket.lookupIn('k', specs)))]).toEqual([1, 2]);
  });

  test.each(['', '{', 'no', '\u0000'])('with the value %j is not JSON', async (value) => {
    scripted.answer = { status: Success, value: results([0, value], [0, '1']) };
    const error = await failure(scripted.bucket.lookupIn('k', specs));
    expect(error).toBeInstanceOf(ValueFormatError);
    expect(error).toMatchObject({ path: 'a', index: 0, key: 'k' });
  });
});

test('what the server does not have is not sent', async () => {
  await using old = await ScriptedBucket.start(Opcode.SubdocMultiLookup, (frame) =>
    frame.opcode === Opcode.Hello ? { status: Success, value: Buffer.from('0012', 'hex') } : undefined,
  );
  const xattr = { xattr: true } as const;
  const error = await failure(old.bucket.lookupIn('k', [LookupInSpec.get('x', xattr), LookupInSpec.get('a')]));
  expect(error).toBeInstanceOf(FeatureNotAvailableError);
  expect(error.message).toContain('Xattr');
  old.answer = { status: Success, value: results([0, '1']) };
  expect((await settled(old.bucket.lookupIn('k', [LookupInSpec.get('a')]))).content(0)).toBe(1);
  expect(old.asked).toHaveLength(1);
});
