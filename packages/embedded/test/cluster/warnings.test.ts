import { Warnings } from '../../src/cluster/warnings.js';

function collecting(): { warnings: Warnings; told: string[] } {
  const told: string[] = [];
  return { warnings: new Warnings((message) => told.push(message)), told };
}

test('each is told once, by its text or by its kind', () => {
  const { warnings, told } = collecting();
  for (const message of ['a', 'b', 'a']) warnings.tell(message);
  warnings.tell('one of many', 'kind');
  warnings.tell('another of many', 'kind');
  expect(told).toEqual(['a', 'b', 'one of many']);
});

test('control characters and line ends are told by their numbers', () => {
  const { warnings, told } = collecting();
  warnings.tell('a\u001b[31m\n\r\u0000\u007f\u009b\u2028é😀');
  expect(told).toEqual(['a\\x1b[31m\\x0a\\x0d\\x00\\x7f\\x9b\\u2028é😀']);
});

test('they end, and do not grow', () => {
  const { warnings, told } = collecting();
  for (let count = 0; count < 5000; count++) warnings.tell(`${count} ${'x'.repeat(5000)}`);
  expect(told).toHaveLength(1001);
  expect(told[999]).toHaveLength(1000);
  expect(told[1000]).toMatch(/^these were 1000 warnings/);
});
