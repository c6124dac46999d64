import { cutText, textWidth, visibleText } from '../../src/query/text-width.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['grün', 4],
  ['gru\u0308n', 4],
  ['東京', 4],
  ['Ａ', 2],
  ['🍺', 2],
  ['a\u200bb', 2],
])('%j takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['東京都', 4, '東…'],
  ['東京都', 5, '東京…'],
  ['🍺🍺', 3, '🍺…'],
])('%j in %i columns is %j', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut);
  expect(textWidth(cut)).toBeLessThanOrEqual(width);
});

test('nothing in a text moves the cursor', () => {
  expect(visibleText('a\nb\tc\r\u001b[2J\u0000\u009b')).toBe('a\\nb\\tc\\r\\u001b[2J\\u0000\\u009b');
});
