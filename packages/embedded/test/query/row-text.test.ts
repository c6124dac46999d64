import * as engine from '@cb/sqlpp';
import { RowText } from '../../src/query/row-text.js';

describe('the text of a row', () => {
  test.each([
    ['has its names in the order of the projection, those inside sorted', false, '{"b":{"c":2,"d":1},"a":1}'],
    ['has all names sorted if that is asked for', true, '{"a":1,"b":{"c":2,"d":1}}'],
  ])('%s', (_what, sorts, expected) => {
    const rows = new RowText(engine, sorts);
    expect(rows.text({ b: { d: 1, c: 2 }, a: 1, gone: undefined })).toBe(expected);
    expect(rows.text({ b: { d: 1, c: 2 }, a: 1 })).toBe(expected);
  });

  test('is that of the value if it is not an object', () => {
    const rows = new RowText(engine, false);
    expect(['x', 1n, [1, undefined], null, {}].map((value) => rows.text(value))).toEqual([
      '"x"',
      '1',
      '[1,null]',
      'null',
      '{}',
    ]);
  });

  test('keeps names apart that need escapes', () => {
    expect(new RowText(engine, false).text({ 'a"b': 1, 'a\\b': 2 })).toBe('{"a\\"b":1,"a\\\\b":2}');
  });
});
