import { ProtocolError } from '@cb/raw';
import fc from 'fast-check';
import { ChunkedBody } from '../../src/http/chunked-body.js';

interface Outcome {
  readonly data: string;
  /** What follows the data; undefined when there may be more of that. */
  readonly rest: string | undefined;
}

/** Reads a body that arrives in these pieces, each in memory that is used again. */
function read(pieces: readonly string[]): Outcome {
  let data = '';
  let rest: string | undefined;
  const body = new ChunkedBody((bytes) => {
    data += bytes.toString('latin1');
  });
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    if (rest === undefined) rest = body.take(bytes)?.toString('latin1');
    else rest += piece;
    bytes.fill('x');
  }
  return { data, rest };
}

/** The text in two pieces, cut at every character, and in single characters. */
function splits(text: string): string[][] {
  const cuts = Array.from({ length: text.length + 1 }, (_none, at) => [text.slice(0, at), text.slice(at)]);
  return [...cuts, [...text]];
}

/** As in RFC 9112, section 7.1. */
test.each<[string, string, Outcome]>([
  ['one chunk', '5\r\nhello\r\n0\r\n\r\n', { data: 'hello', rest: '0\r\n\r\n' }],
  [
    'several',
    '4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n',
    { data: 'Wikipedia in \r\nchunks.', rest: '0\r\n\r\n' },
  ],
  ['none', '0\r\n\r\n', { data: '', rest: '0\r\n\r\n' }],
  ['zeros before a size', '0005\r\nhello\r\n000\r\n\r\n', { data: 'hello', rest: '0\r\n\r\n' }],
  ['extensions', '5;a=b;c="d"\r\nhello\r\n3 ;e\r\nyou\r\n0;f\r\n\r\n', { data: 'helloyou', rest: '0\r\n\r\n' }],
  ['trailers', '1\r\n!\r\n0\r\nExpires: never\r\n\r\n', { data: '!', rest: '0\r\nExpires: never\r\n\r\n' }],
  ['the next answer behind', '1\r\n!\r\n0\r\n\r\nHTTP/1.1', { data: '!', rest: '0\r\n\r\nHTTP/1.1' }],
  ['no end', '5\r\nhello\r\n3\r\nyo', { data: 'helloyo', rest: undefined }],
])('%s, cut anywhere', (_what, text, expected) => {
  for (const pieces of splits(text)) expect(read(pieces)).toEqual(expected);
});

test('whatever the chunks, and wherever the pieces end', () => {
  const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'binary-ascii' }), { maxLength: 10 });
  fc.assert(
    fc.property(chunks, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (texts, lengths) => {
      const body = `${texts.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')}0\r\n\r\n`;
      const pieces: string[] = [];
      for (let at = 0; at < body.length; at += pieces.at(-1)!.length) {
        pieces.push(body.slice(at, at + lengths.next().value!));
      }
      expect(read(pieces)).toEqual({ data: texts.join(''), rest: '0\r\n\r\n' });
    }),
  );
});

test.each([
  ['no size', '\r\nhello'],
  ['a size that is not a number', 'g\r\n'],
  ['a sign', '-1\r\n'],
  ['a size of 52 bits', '1000000000000\r\n'],
  ['a size that only line feed ends', '5\nhello\r\n'],
  ['carriage return alone after a size', '5\rhello\r\n'],
  ['data that is longer than its size', '5\r\nhello!\r\n'],
  ['carriage return alone after data', '5\r\nhello\r0\r\n'],
  ['an endless extension', `5;${'x'.repeat(5000)}`],
])('%s is an error', (_what, text) => {
  for (const pieces of [[text], [...text]]) {
    expect(() => read(pieces)).toThrow(ProtocolError);
    expect(() => read(pieces)).toThrow('the chunks of the answer are malformed: ');
  }
});
