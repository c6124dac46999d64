import {
  CONNECTION_OPTIONS,
  type ConnectionOptionName,
  readConnectionOptions,
  resolveConnectionOptions,
} from '../src/connection-options.js';
import { ArgumentError } from '../src/errors/client-errors.js';
import type { OptionSpec } from '../src/option-value.js';

const names = Object.keys(CONNECTION_OPTIONS) as ConnectionOptionName[];

describe('durations', () => {
  test.each([
    ['2500', 2500],
    ['2.5s', 2500],
    ['75s', 75_000],
    ['10m', 600_000],
    ['500ms', 500],
    ['1h', 3_600_000],
    ['1m30s', 90_000],
    ['2.3s', 2300],
    ['0.001s', 1],
    ['2147483647', 2_147_483_647],
  ])('%s is %d ms', (text, ms) => {
    expect(readConnectionOptions([['kv_timeout', text]])).toEqual({ kv_timeout: ms });
  });

  test.each(['', '0', '-1', '2.5', '1e3', '5 s', '5S', '5us', 's', '0.0005s', '2147483648', '25d', 'NaN', 'Infinity'])(
    '%p is refused',
    (text) => {
      const read = () => readConnectionOptions([['kv_timeout', text]]);
      expect(read).toThrow(ArgumentError);
      expect(read).toThrow(
        /kv_timeout must be a duration in whole milliseconds from 1 to 2147483647: 2500, or with a unit/,
      );
    },
  );

  test('may be 0 where that switches something off', () => {
    expect(readConnectionOptions([['config_poll_interval', '0']])).toEqual({ config_poll_interval: 0 });
  });
});

test.each([
  ['enable_dns_srv', 'TRUE', true],
  ['enable_dns_srv', '0', false],
  ['enable_compression', 'off', false],
  ['enable_compression', 'yes', true],
  ['num_kv_connections', '4', 4],
  ['compression_min_ratio', '0.5', 0.5],
  ['tls_verify', 'none', 'none'],
  ['sasl_mech_force', 'SCRAM-SHA256', 'SCRAM-SHA256'],
  ['network', 'external', 'external'],
])('%s=%s', (name, text, value) => {
  expect(readConnectionOptions([[name, text]])).toEqual({ [name]: value });
});

test.each([
  ['num_kv_connections', '0', 'must be an integer from 1 to 64, not "0"'],
  ['num_kv_connections', '1.5', 'must be an integer from 1 to 64'],
  ['compression_min_ratio', '1.01', 'must be a number from 0 to 1'],
  ['enable_dns_srv', 'maybe', 'must be true or false'],
  ['tls_verify', 'pear', 'must be one of peer, none, not "pear"; did you mean peer?'],
  [
    'sasl_mech_force',
    'scram-sha1',
    'must be one of SCRAM-SHA512, SCRAM-SHA256, SCRAM-SHA1, PLAIN, not "scram-sha1"; did you mean SCRAM-SHA1?',
  ],
  ['network', '', 'must be a text that is not empty'],
])('%s=%s is refused, with what is accepted', (name, text, reason) => {
  expect(() => readConnectionOptions([[name, text]])).toThrow(ArgumentError);
  expect(() => readConnectionOptions([[name, text]])).toThrow(`${name} ${reason}`);
});

test('an unknown option is refused, with the one that was probably meant', () => {
  expect(() => readConnectionOptions([['kv_timout', '1s']])).toThrow(ArgumentError);
  expect(() => readConnectionOptions([['kv_timout', '1s']])).toThrow('no option "kv_timout"; did you mean kv_timeout?');
  expect(() => readConnectionOptions([['operation_timeouts', '1s']])).toThrow('did you mean operation_timeout?');
  expect(() => readConnectionOptions([['__proto__', '1']])).toThrow(
    'option 1, of 9 characters, is unknown; the options are kv_timeout, ',
  );
  expect(() => readConnectionOptions([['toString', '1']])).toThrow(ArgumentError);
});

test('other names for an option mean the same, once', () => {
  expect(readConnectionOptions([['operation_timeout', '1s']])).toEqual({ kv_timeout: 1000 });
  expect(readConnectionOptions([['connect_timeout', '1s']])).toEqual({ bootstrap_timeout: 1000 });
  expect(readConnectionOptions([['compression', 'on']])).toEqual({ enable_compression: true });
  const twice = (first: string, second: string) => () =>
    readConnectionOptions([
      [first, '1s'],
      [second, '1s'],
    ]);
  expect(twice('kv_timeout', 'kv_timeout')).toThrow('kv_timeout is given twice');
  expect(twice('kv_timeout', 'timeout')).toThrow('kv_timeout and timeout are the same option');
});

test('defaults fill what is not given', () => {
  const resolved = resolveConnectionOptions({ kv_timeout: 1 });
  expect(resolved).toMatchObject({ kv_timeout: 1, view_timeout: 75_000, network: 'auto', tls_verify: 'peer' });
  expect(Object.keys(resolved)).toEqual(names);
  expect(Object.isFrozen(resolved)).toBe(true);
});

test('no name stands for two options, and every default would be accepted', () => {
  const specs = Object.entries<OptionSpec>(CONNECTION_OPTIONS);
  const all = specs.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  expect(new Set(all).size).toBe(all.length);
  const given = names.filter((name) => CONNECTION_OPTIONS[name].default !== undefined);
  const texts = given.map((name): [string, string] => [name, String(CONNECTION_OPTIONS[name].default)]);
  expect(readConnectionOptions(texts)).toEqual(
    Object.fromEntries(given.map((name) => [name, CONNECTION_OPTIONS[name].default])),
  );
});
