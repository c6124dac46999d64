import { runWord } from '../../src/query/shell-words.js';
import type { StatementSettings } from '../../src/query/statement-run.js';
import { UsageError } from '../../src/terminal/usage-error.js';

const settings: StatementSettings = { format: 'table', prefix: '', scope: undefined, timeout: undefined, query: {} };

test('change the settings of the statements that follow', () => {
  expect(runWord('.json', settings).settings).toEqual({ ...settings, format: 'json' });
  expect(runWord('.scope zoo;', settings).settings).toEqual({ ...settings, scope: 'zoo' });
  expect(runWord('.scope', { ...settings, scope: 'zoo' }).settings).toEqual(settings);
  const one = runWord('.param a=1', settings).settings!;
  const two = runWord('.param $b="x y"', one).settings!;
  expect(two.query.parameters).toEqual({ a: 1, b: 'x y' });
  expect(runWord('.param', two).settings?.query).toEqual({});
  const positional = { ...settings, query: { readonly: true, parameters: [1] } };
  expect(runWord('.param a=1', positional).settings?.query).toEqual({ readonly: true, parameters: { a: 1 } });
});

test('help, and end', () => {
  expect(runWord('.help', settings).lines?.join('\n')).toMatch(/^ {2}\.param \[NAME=JSON\] {2}Set a parameter/m);
  expect(runWord('.quit', settings).isEnd).toBe(true);
});

test.each([
  ['.hepl', 'there is no .hepl; did you mean .help?'],
  ['.xyzzy', 'there is no .xyzzy; see .help'],
  ['.', 'there is no .'],
  ['.quit now', '.quit does not take an operand'],
  ['.param a', 'a parameter is NAME=JSON'],
])('%s is refused', (line, message) => {
  expect(() => runWord(line, settings)).toThrow(UsageError);
  expect(() => runWord(line, settings)).toThrow(message);
});
