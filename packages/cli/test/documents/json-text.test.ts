import fc from 'fast-check';
import { JsonText, memberText, textTranscoder } from '../../src/documents/json-text.js';

test('finds the text of any member of any object', () => {
  const objects = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue());
  fc.assert(
    fc.property(objects, fc.jsonValue(), fc.constantFrom(0, 1, 2), (others, doc, indent) => {
      const text = JSON.stringify({ ...others, doc }, undefined, indent);
      return (
        memberText(text, 'doc') === JSON.stringify(doc, undefined, indent).replaceAll('\n', `\n${' '.repeat(indent)}`)
      );
    }),
  );
});

test.each([
  ['{"id":"doc","doc":1.0}', '1.0'],
  ['{"doc":{"doc":[1,{"doc":2}]},"x":3}', '{"doc":[1,{"doc":2}]}'],
  ['{"d\\u006fc":12345678901234567890}', '12345678901234567890'],
  ['{"doc":1,"doc":2}', '2'],
  [' { "x" : "}\\"]," , "doc" : "a,b:{" } ', '"a,b:{"'],
  ['{"x":{"doc":1}}', undefined],
  ['{}', undefined],
])('of %s', (text, found) => {
  expect(memberText(text, 'doc')).toBe(found);
});

test('JSON goes through the transcoder as it is, and nothing else is taken for JSON', () => {
  const text = '{"id":12345678901234567890,"f":1.0,"e":1e400}';
  const { payload, flags, datatype } = textTranscoder.encodeValue(new JsonText(` ${text}\n`), 0x02000000);
  expect([payload, flags, datatype]).toEqual([text, 0x02000000, 1]);
  expect(textTranscoder.decodeValue(Buffer.from(text), flags)).toEqual(new JsonText(text));
  expect(textTranscoder.decodeValue(Buffer.from('1'), 0)).toEqual(new JsonText('1'));
  expect(textTranscoder.decodeValue(Buffer.from('no JSON'), 0)).toEqual(Buffer.from('no JSON'));
  expect(textTranscoder.decodeValue(Buffer.from('"text"'), 0x04000004)).toBe('"text"');
  expect(() => new JsonText('{')).toThrow(SyntaxError);
});

test('a line has no breaks, and is the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { line } = new JsonText(JSON.stringify(value, undefined, 2));
      expect(line).not.toMatch(/[\r\n]/);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
