import { ProtocolError } from '@cb/raw';
import fc from 'fast-check';
import { RowScanner } from '../../src/rows/row-scanner.js';

interface Outcome {
  readonly rows: unknown[];
  readonly metadata: object | undefined;
  readonly failed: boolean;
}

/** Reads an answer that arrives in these pieces, each in memory that is used again, and takes its rows after each. */
function read(pieces: readonly Uint8Array[], name = 'rows'): Outcome {
  const scanner = new RowScanner(name);
  const rows: unknown[] = [];
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    scanner.push(bytes);
    expect(bytes.equals(piece)).toBe(true);
    rows.push(...scanner.take());
    bytes.fill('x');
  }
  const metadata = scanner.finish();
  if (scanner.failure !== undefined) expect(scanner.failure).toBeInstanceOf(ProtocolError);
  return { rows, metadata, failed: scanner.failure !== undefined };
}

function readText(text: string, name?: string): Outcome {
  return read([Buffer.from(text)], name);
}

/** The answer in two pieces, cut at every byte, and in pieces of one and of three bytes. */
function splits(text: string): Uint8Array[][] {
  const bytes = Buffer.from(text);
  const cuts = Array.from({ length: bytes.length + 1 }, (_none, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [...cuts, inPieces(bytes, 1), inPieces(bytes, 3)];
}

function inPieces(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_none, index) => bytes.subarray(index * length, (index + 1) * length));
}

/** What JSON.parse makes of the same. */
function expected(text: string, name = 'rows'): Outcome {
  const answer = JSON.parse(text);
  const rows = answer[name];
  return { rows, metadata: { ...answer, [name]: [] }, failed: false };
}

const answers: readonly (readonly [what: string, text: string])[] = [
  [
    'a view',
    '{"total_rows":7303,"rows":[\r\n{"id":"a","key":["a"],"value":null},\r\n{"id":"b","key":["b"],"value":1}\r\n]\r\n}\n',
  ],
  ['nothing but empty rows', '{"rows":[]}'],
  ['spaces everywhere', ' \n{ "rows" :\t[ { "a" : 1 } \r\n, [ ] , "x" ] ,"errors" : [ ] } \n '],
  ['escapes', String.raw`{"rows":["\"","\\","\\\"]",{"k\"]}":"\u00e9\n\\"},"]"]}`],
  ['characters of several bytes', '{"rows":[{"é":"€"},"😀","\u0fff",["💩","]"]]}'],
  ['scalars', '{"rows":[1,-2.5e+3,true,false,null,"",0 , 7\n]}'],
  ['nesting', '{"rows":[[[[[]]]],{"a":{"b":[{"c":[1,{"d":"}"}]}]}}]}'],
  [
    'metadata before and after',
    '{"debug_info":{"rows":[1,[2]],"x":"{\\"rows\\":[3]}"},"total_rows":2,"rows":[1,2],"errors":[{"from":"n","reason":"]"}]}',
  ],
  ['the name of the rows as a value', '{"name":"rows","rows":["rows"]}'],
  ['an escaped name', '{"\\u0072ows":[1]}'],
];

describe('an answer cut anywhere is the same as JSON.parse has it', () => {
  test.each(answers)('%s', (_what, text) => {
    for (const pieces of splits(text)) expect(read(pieces)).toEqual(expected(text));
  });

  test('under another name', () => {
    const text = '{"requestID":"x","rows":[0],"results":[{"a":1}],"status":"success"}';
    for (const pieces of splits(text)) expect(read(pieces, 'results')).toEqual(expected(text, 'results'));
  });
});

test('whatever the rows and the metadata, and wherever the pieces end', () => {
  const name = fc.string().filter((each) => each !== 'rows' && each !== '__proto__');
  const metadata = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }));
  const answer = fc.tuple(metadata, fc.array(fc.jsonValue({ maxDepth: 4 })), metadata, fc.constantFrom(0, 1, '\t'));
  fc.assert(
    fc.property(
      answer,
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      ([before, rows, after, indent], lengths) => {
        const text = JSON.stringify({ ...before, rows, ...after }, undefined, indent);
        const bytes = Buffer.from(text);
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; ) {
          const { value } = lengths.next();
          pieces.push(bytes.subarray(at, at + value));
          at += value;
        }
        expect(read(pieces)).toEqual(expected(text));
      },
    ),
    { numRuns: 300 },
  );
});

describe('large chunks, most of which are not searched', () => {
  /** Rows of which some hold what elsewhere is between two rows. */
  const deceptive: readonly (readonly [what: string, row: (index: number) => object])[] = [
    ['rows that are alike', (index) => ({ id: `a-${index}`, key: [index], value: null })],
    [
      'rows inside of rows',
      (index) => ({ id: index, rows: Array.from({ length: index % 50 }, (_none, id) => ({ id })) }),
    ],
    ['rows inside of strings', (index) => ({ id: `},{"id":"${index}","x":"},{"id":""` })],
    ['rows of different kinds', (index) => (index % 3 === 0 ? { id: index, key: 'é' } : { key: index, id: '}' })],
    ['a few long rows', (index) => ({ id: index, value: 'x'.repeat(index % 7 === 0 ? 20_000 : 5) })],
  ];

  test.each(deceptive)('%s', (_what, row) => {
    const rows = Array.from({ length: 600 }, (_none, index) => row(index));
    for (const separator of [',', ',\r\n']) {
      const texts = rows.map((each) => JSON.stringify(each));
      const bytes = Buffer.from(`{"total_rows":600,"rows":[${texts.join(separator)}],"errors":[]}`);
      for (const length of [4096, 10_000, 65_536, bytes.length]) {
        const outcome = read(inPieces(bytes, length));
        expect(outcome).toEqual({ rows, metadata: { total_rows: 600, rows: [], errors: [] }, failed: false });
      }
    }
  });

  test('a broken row ends them where it is', () => {
    const rows = Array.from({ length: 2000 }, (_none, index) => ({ id: index, value: 'some text' }));
    for (const broken of [3, 500, 1999]) {
      const texts = rows.map((each, index) => (index === broken ? '{"id":oops}' : JSON.stringify(each)));
      const bytes = Buffer.from(`{"rows":[${texts.join(',')}]}`);
      for (const length of [1000, 5000, 30_000, bytes.length]) {
        expect(read(inPieces(bytes, length))).toEqual({
          rows: rows.slice(0, broken),
          metadata: undefined,
          failed: true,
        });
      }
    }
  });
});

describe('without rows', () => {
  test.each([
    ['{}', {}],
    ['{"rows":null}', { rows: null }],
    ['{"rows":{"a":[1]}}', { rows: { a: [1] } }],
    ['{"error":"not_found","reason":"missing"}\n', { error: 'not_found', reason: 'missing' }],
    ['{"a":{"rows":[1]}}', { a: { rows: [1] } }],
  ])('%s is metadata alone', (text, metadata) => {
    for (const pieces of splits(text)) expect(read(pieces)).toEqual({ rows: [], metadata, failed: false });
  });
});

describe('an answer that is broken fails, after the rows before', () => {
  test.each<[string, unknown[]]>([
    ['', []],
    ['  ', []],
    ['[1]', []],
    ['<html>', []],
    ['{"rows":[1],', [1]],
    ['{"rows":[1', []],
    ['{"rows":[1]', [1]],
    ['{"rows":[{"a":1}', [{ a: 1 }]],
    ['{"rows":[{"a":1},{"b":', [{ a: 1 }]],
    ['{"rows":["a', []],
    ['{"rows":[1,2,]}', [1, 2]],
    ['{"rows":[,1]}', []],
    ['{"rows":[1,,2]}', [1]],
    ['{"rows":[{} {}]}', [{}]],
    ['{"rows":[{}"a"]}', [{}]],
    ['{"rows":[1,{"a":1],2]}', [1]],
    ['{"rows":[1,{"a" 1},2]}', [1]],
    ['{"rows":[1,nul,2]}', [1]],
    ['{"rows":[1,},2]}', [1]],
    ['{"rows":["\\x"]}', []],
    ['{"rows":[1]}}', [1]],
    ['{"rows":[1]}{"rows":[2]}', [1]],
    ['{"rows":[1],"rows":[2]}', [1]],
    ['{"total_rows" 3,"rows":[1]}', [1]],
    ['{"rows":[1],"errors":[}', [1]],
    ['{"rows":[1],errors:[]}', [1]],
  ])('%s', (text, rows) => {
    for (const pieces of splits(text)) expect(read(pieces)).toEqual({ rows, metadata: undefined, failed: true });
  });
});

test('a row is there as soon as its last byte is', () => {
  const scanner = new RowScanner('rows');
  scanner.push(Buffer.from('{"total_rows":2,"rows":[{"id":1}'));
  expect(scanner.take()).toEqual([{ id: 1 }]);
  scanner.push(Buffer.from(','));
  expect(scanner.take()).toEqual([]);
  scanner.push(Buffer.from('{"id":2'));
  expect(scanner.take()).toEqual([]);
  scanner.push(Buffer.from('}'));
  expect(scanner.take()).toEqual([{ id: 2 }]);
  scanner.push(Buffer.from(']}'));
  expect(scanner.finish()).toEqual({ total_rows: 2, rows: [] });
});

test('several pieces can be taken together', () => {
  const scanner = new RowScanner('rows');
  for (const piece of ['{"rows":[', '1,', '{"a":', '2}', ',3', ',']) scanner.push(Buffer.from(piece));
  expect(scanner.take()).toEqual([1, { a: 2 }, 3]);
  scanner.push(Buffer.from(' 4]}'));
  expect(scanner.take()).toEqual([4]);
});

test('names the byte that does not belong', () => {
  const scanner = new RowScanner('rows');
  scanner.push(Buffer.from('{"rows":[1 2]}'));
  expect(scanner.take()).toEqual([1]);
  expect(scanner.failure?.message).toBe('between two rows is "2" instead of a comma or the end');
  expect(readText('oops').failed).toBe(true);
});

test('metadata without end is refused', () => {
  const scanner = new RowScanner('rows');
  const piece = Buffer.alloc(1024 * 1024, ' ');
  scanner.push(Buffer.from('{"debug_info":"'));
  for (let count = 0; count < 100 && scanner.failure === undefined; count++) scanner.push(piece);
  expect(scanner.failure?.message).toBe('the answer has more than 67108864 bytes besides its rows');
});

test('a row without end is refused', () => {
  const scanner = new RowScanner('rows');
  const piece = Buffer.alloc(16 * 1024 * 1024, ' ');
  scanner.push(Buffer.from('{"rows":[1,{'));
  for (let count = 0; count < 100 && scanner.failure === undefined; count++) scanner.push(piece);
  expect(scanner.take()).toEqual([1]);
  expect(scanner.failure?.message).toBe('a row has more than 268435456 bytes');
});
