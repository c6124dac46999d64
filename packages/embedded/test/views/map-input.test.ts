import { Datatype } from '@cb/protocol';
import { Document } from '../../src/store/document.js';
import { deflate } from '../../src/store/snappy.js';
import { idText, mapInput } from '../../src/views/map-input.js';

function document(value: Buffer, datatype: number, key = 'k'): Document {
  const one = new Document(0, key, { value, xattrs: undefined, datatype, flags: 0x2000006, expiry: 0x10 });
  return Object.assign(one, { casHigh: 0x17c0ffee, casLow: 0x90abcdef, seqno: 12, revision: 3 });
}

test('a JSON document comes as it is, with what is known about it', () => {
  const input = mapInput(document(Buffer.from('{"a":"ü"}'), Datatype.Json), 7, 'k');
  expect(JSON.parse(input)).toEqual([
    { a: 'ü' },
    {
      id: 'k',
      rev: '3-17c0ffee90abcdef0000001002000006',
      seq: '12',
      vb: '7',
      expiration: 16,
      flags: 0x2000006,
      type: 'json',
      xattrs: {},
    },
  ]);
});

test('a compressed document is inflated', () => {
  const text = JSON.stringify({ text: 'again and '.repeat(50) });
  const input = mapInput(document(deflate(Buffer.from(text))!, Datatype.Json | Datatype.Snappy), 0, 'k');
  expect(JSON.parse(input)[0]).toEqual(JSON.parse(text));
});

test('what is not JSON comes in base64', () => {
  const [body, meta] = JSON.parse(mapInput(document(Buffer.from([0, 255]), Datatype.Raw), 0, 'k'));
  expect(body).toBe('AP8=');
  expect(meta).toMatchObject({ type: 'base64', att_reason: 'non-JSON mode' });
});

test('ids are text, when their bytes are', () => {
  const key = Buffer.from('schlüssel').toString('latin1');
  expect(idText(document(Buffer.alloc(0), 0, key))).toBe('schlüssel');
  expect(idText(document(Buffer.alloc(0), 0, '\xff'))).toBeUndefined();
});
