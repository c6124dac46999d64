import {
  CONNECTION_OPTIONS,
  type ConnectionOptionName,
  readConnectionOptions,
  resolveConnectionOptions,
} from '../src/connection-options.js';
import { ArgumentError } from '../src/errors/client-errors.js';
import { readForeignOption } from '../src/foreign-options.js';
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

describe('numbers without a unit, under names that have seconds in libcouchbase', () => {
  test.each([
    ['operation_timeout', '5', 'write 5s or 5ms'],
    ['operation_timeout', '999', 'write 999s or 999ms'],
    ['timeout', '10', 'would be seconds in libcouchbase, and is milliseconds here'],
    ['query_timeout', '75', 'write 75s or 75ms'],
    ['views_timeout', '30', 'write 30s'],
    ['config_total_timeout', '5', 'write 5s'],
    ['durability_interval', '1', 'write 1s or 1ms'],
    ['config_poll_interval', '2', 'write 2s'],
  ])('%s=%s is refused', (name, text, reason) => {
    expect(() => readConnectionOptions([[name, text]])).toThrow(ArgumentError);
    expect(() => readConnectionOptions([[name, text]])).toThrow(reason);
  });

  test.each([
    ['operation_timeout', '2500', { kv_timeout: 2500 }],
    ['operation_timeout', '5ms', { kv_timeout: 5 }],
    ['operation_timeout', '5s', { kv_timeout: 5000 }],
    ['durability_interval', '100', { durability_interval: 100 }],
    ['config_poll_interval', '0', { config_poll_interval: 0 }],
    ['kv_timeout', '5', { kv_timeout: 5 }],
    ['kv_connect_timeout', '60', { kv_connect_timeout: 60 }],
  ])('%s=%s is read', (name, text, options) => {
    expect(readConnectionOptions([[name, text]])).toEqual(options);
  });
});

describe('options of other SDKs', () => {
  test.each([
    ['compression', 'on', { enable_compression: true }],
    ['compression', 'off', { enable_compression: false }],
    ['compression', 'inflate_only', { enable_compression: true, compression_min_size: 2_147_483_647 }],
    ['ssl', 'no_verify', { tls_verify: 'none' }],
    ['ssl', 'on', {}],
    ['ipv6', 'disabled', { ip_protocol: 'force_ipv4' }],
    ['ipv6', 'only', { ip_protocol: 'force_ipv6' }],
    ['force_ipv4', 'true', { ip_protocol: 'force_ipv4' }],
    ['randomize_nodes', 'false', { preserve_bootstrap_nodes_order: true }],
    ['dnssrv_timeout', '500ms', { dns_srv_timeout: 500 }],
    ['tcp_keepalive', 'off', { enable_tcp_keep_alive: false }],
    ['http_pool_timeout', '1s', { idle_http_connection_timeout: 1000 }],
    ['detailed_errcodes', '1', {}],
    ['enable_tracing', 'false', {}],
    ['enable_metrics', 'off', {}],
    ['log_redaction', 'on', {}],
    ['dump_configuration', 'false', {}],
    ['tcp_nodelay', 'true', {}],
    ['bootstrap_on', 'cccp', {}],
  ])('%s=%s is read as what says the same here', (name, text, options) => {
    expect(readConnectionOptions([[name, text]])).toEqual(options);
  });

  test.each([
    ['compression', 'deflate_only', 'compression can only be on, off, true, false, inflate_only: a server that'],
    ['enable_tracing', 'true', ': there is no tracing here'],
    ['bootstrap_on', 'http', 'configurations come over key-value connections only'],
    ['detailed_errcodes', '0', 'errors are always told apart'],
    ['analytics_timeout', '75s', 'analytics_timeout is not supported: there are no analytics queries here'],
    ['server_group', 'one', 'reads from replicas ask every copy'],
    ['config_cache', '/tmp/cache', 'configurations are kept in no file'],
    ['console_log_level', '5', 'this client writes no logs'],
    ['keypath', 'key.pem', 'given as `tls` in the options of the bucket'],
    ['retry_interval', '10', 'give a retry strategy'],
  ])('%s=%s is refused with the reason', (name, text, reason) => {
    expect(() => readConnectionOptions([[name, text]])).toThrow(ArgumentError);
    expect(() => readConnectionOptions([[name, text]])).toThrow(reason);
  });

  test('they and ours are the same option, once', () => {
    const read =
      (...entries: [string, string][]) =>
      () =>
        readConnectionOptions(entries);
    expect(read(['ipv6', 'only'], ['ip_protocol', 'any'])).toThrow('ipv6 and ip_protocol are the same option');
    expect(read(['compression_min_size', '64'], ['compression', 'inflate_only'])).toThrow(
      'compression_min_size and compression are the same option',
    );
    expect(read(['ssl', 'on'], ['ssl', 'on'])).toThrow('ssl is given twice');
  });

  test('none has a name of ours', () => {
    const own = Object.entries<OptionSpec>(CONNECTION_OPTIONS).flatMap(([name, { aliases = [] }]) => [
      name,
      ...aliases,
    ]);
    const foreign = own.filter((name) => {
      try {
        return readForeignOption(name, '') !== undefined;
      } catch {
        return true;
      }
    });
    expect(foreign).toEqual([]);
  });
});

test('other names for an option mean the same, once', () => {
  expect(readConnectionOptions([['operation_timeout', '1s']])).toEqual({ kv_timeout: 1000 });
  expect(readConnectionOptions([['connect_timeout', '1s']])).toEqual({ bootstrap_timeout: 1000 });
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
