import fc from 'fast-check';
import { CONNECTION_OPTIONS } from '../src/connection-options.js';
import {
  type ConnectionString,
  defaultPort,
  formatConnectionString,
  parseConnectionString,
} from '../src/connection-string.js';
import { ArgumentError } from '../src/errors/client-errors.js';

const host = (hostname: string, port?: number) => ({ hostname, port });

describe('reads', () => {
  const cases: [string, Partial<ConnectionString>][] = [
    ['couchbase://10.0.0.1', { scheme: 'couchbase', hosts: [host('10.0.0.1')], bucket: undefined, options: {} }],
    [
      'couchbases://10.0.0.1:11222,10.0.0.2,10.0.0.3:11207',
      { scheme: 'couchbases', hosts: [host('10.0.0.1', 11222), host('10.0.0.2'), host('10.0.0.3', 11207)] },
    ],
    [
      'couchbase://10.0.0.1;10.0.0.2:11210;10.0.0.3',
      { hosts: [host('10.0.0.1'), host('10.0.0.2', 11210), host('10.0.0.3')] },
    ],
    [
      'couchbase://[::1]:12000,[fe80::1%25eth0]/b',
      { hosts: [host('::1', 12000), host('fe80::1%25eth0')], bucket: 'b' },
    ],
    ['memcached://a,b:11212', { scheme: 'memcached', hosts: [host('a'), host('b', 11212)] }],
    ['couchbase://127.0.0.1/beer-sample', { bucket: 'beer-sample' }],
    ['couchbase://h/a%2Fb%25%20%C3%A9', { bucket: 'a/b% é' }],
    ['couchbase://h/', { bucket: undefined }],
    ['couchbase://h?', { options: {} }],
    [
      'couchbase://h/b?kv_timeout=2.5s&network=external',
      { bucket: 'b', options: { kv_timeout: 2500, network: 'external' } },
    ],
    ['couchbases://h?trust_certificate=%2Ftmp%2Fa%26b.pem', { options: { trust_certificate: '/tmp/a&b.pem' } }],
    ['couchbase://h:11210=mcd,i:2=cccp', { hosts: [host('h', 11210), host('i', 2)] }],
    ['COUCHBASE://Host_1.example', { scheme: 'couchbase', hosts: [host('Host_1.example')] }],
    ['http://10.0.0.1:8091/b', { scheme: 'couchbase', hosts: [host('10.0.0.1')], bucket: 'b' }],
    ['10.0.0.1:8091', { scheme: 'couchbase', hosts: [host('10.0.0.1')] }],
    ['localhost', { scheme: 'couchbase', hosts: [host('localhost')] }],
  ];

  test.each(cases)('%s', (text, expected) => {
    expect(parseConnectionString(text)).toMatchObject(expected);
  });

  test('into something frozen', () => {
    const parsed = parseConnectionString('couchbase://h/b?kv_timeout=1s');
    expect([parsed, parsed.hosts, parsed.hosts[0], parsed.options].every(Object.isFrozen)).toBe(true);
  });
});

describe('refuses', () => {
  test.each([
    ['', 'a host is empty'],
    ['couchbase://', 'a host is empty'],
    ['couchbase:///bucket', 'a host is empty'],
    ['couchbase://a,,b', 'a host is empty'],
    ['couchbase://a,', 'a host is empty'],
    ['couchbase://?kv_timeout=1s', 'a host is empty'],
    ['couchbsae://a', 'scheme "couchbsae" is not one of couchbase, couchbases, memcached; did you mean couchbase://?'],
    ['https://a', 'did you mean couchbases://?'],
    ['constructor://a', 'the scheme, of 11 characters, is not one of'],
    ['://a', 'the scheme, of 0 characters, is not one of'],
    ['couchbase://a:0', 'the port of "a:0" must be an integer from 1 to 65535'],
    ['couchbase://a:65536', 'must be an integer from 1 to 65535'],
    ['couchbase://a:', 'must be an integer from 1 to 65535'],
    ['couchbase://a:11x', 'must be an integer from 1 to 65535'],
    ['http://host1,http://host2', 'the port of "http"'],
    ['couchbase://a:8091', 'a:8091 is the management service'],
    ['couchbases://a:18091', 'a:18091 is the management service'],
    ['couchbase://::1', '"::1" is not a host; an IPv6 address is written in brackets'],
    ['couchbase://[::1', 'is not a host'],
    ['couchbase://[host]', 'is not a host'],
    ['couchbase://a b', '"a b" is not a host'],
    ['couchbase://a:1=http', 'bootstrapping over HTTP is not supported'],
    ['couchbase://a:1=mdc', 'the mode of "a" is not known; use =mcd or nothing'],
    ['couchbase://a/b/c', 'the bucket has a slash'],
    ['couchbase://a/%', 'the bucket is not percent-encoded UTF-8'],
    ['couchbase://a/%ff', 'the bucket is not percent-encoded UTF-8'],
    ['couchbase://a/\ud800', 'the bucket has half of a surrogate pair'],
    ['couchbase://a/b#c', 'must not have a #'],
    ['memcached://a/b', 'memcached:// has no buckets'],
    ['couchbase://a?kv_timeout', 'option 1 is not of the form name=value'],
    ['couchbase://a?=1', 'option 1 is not of the form'],
    ['couchbase://a?kv_timeout=1s&', 'option 2 is not of the form'],
    ['couchbase://a?kv_timeout=%zz', 'the value of option 1 is not percent-encoded'],
    ['couchbase://a?kv_timout=1s', 'did you mean kv_timeout?'],
    ['couchbase://a?tls_verify=none', 'tls_verify needs TLS, which is couchbases:// instead of couchbase://'],
    ['memcached://a?tls_verify=peer', 'couchbases:// instead of memcached://'],
    ['couchbase://a?trust_certificate=a.pem', 'trust_certificate needs TLS'],
    ['couchbase://a?ssl=on', 'ssl needs couchbases:// instead of couchbase://'],
    ['couchbase://a?ssl=no_verify', 'ssl needs couchbases:// instead of couchbase://'],
    ['couchbases://a?ssl=off', 'ssl needs couchbase:// instead of couchbases://'],
    ['couchbases://a?enable_tls=false', 'enable_tls needs couchbase://'],
    ['couchbases://a?ssl=no_verify&tls_verify=peer', 'ssl and tls_verify are the same option'],
    ['couchbase://a?kv_timeout=1s&kv_timeout=2s', 'given twice'],
  ])('%p: %s', (text, reason) => {
    expect(() => parseConnectionString(text)).toThrow(ArgumentError);
    expect(() => parseConnectionString(text)).toThrow(reason);
  });

  test('credentials, without repeating them', () => {
    const parse = () => parseConnectionString('couchbase://user:secret@host:99999999/b?nonsense=1');
    expect(parse).toThrow('must not contain credentials; give username and password as arguments of their own');
    expect(parse).not.toThrow(/secret/);
  });

  test.each([
    ['couchbase://admin:hunter2', 'the port of "admin"'],
    ['couchbase://admin:hunter2=x', 'the mode of "admin"'],
    ['couchbase://admin:hunter2:11210', 'the port of "admin"'],
    ['couchbase://admin:hunter2/b', 'the port of "admin"'],
    ['couchbase://admin:hun/ter2@host/b', 'must not contain credentials'],
    ['couchbase://admin:hun?hunter2=ter2@host/b', 'must not contain credentials'],
    ['couchbase://admin:hun?hunter2@host/b', 'must not contain credentials'],
    ['admin:hunter2@host', 'must not contain credentials'],
    ['hunter2://host', 'the scheme, of 7 characters'],
    ['couchbase://host/b/hunter2', 'the bucket has a slash'],
    ['couchbase://host?hunter2', 'option 1 is not of the form'],
    ['couchbase://host?kv_timeout=1s&hunter2=1', 'option 2, of 7 characters, is unknown'],
    ['couchbase://host?password=hunter2', 'option 1, of 8 characters, is unknown'],
    ['couchbase://host?password=hunter2%zz', 'the value of option 1 is not percent-encoded'],
    ['couchbase://host?hunter2%zz=1', 'the name of option 1 is not percent-encoded'],
    ['couchbase://host?kv_timout=hunter2', 'did you mean kv_timeout?'],
  ])('a password in the wrong place is not repeated: %s', (text, reason) => {
    const parse = () => parseConnectionString(text);
    expect(parse).toThrow(ArgumentError);
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow(/hun/);
  });

  test('values may have an @', () => {
    expect(parseConnectionString('couchbase://a?user_agent_extra=me@home').options).toEqual({
      user_agent_extra: 'me@home',
    });
  });

  test.each([undefined, null, 5, {}])('%p, which is not a string', (value) => {
    expect(() => parseConnectionString(value as never)).toThrow('must be a string');
  });
});

test('any text is a connection string or an ArgumentError', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'couchbase:/[]?&=,;@%#1.') }));
  fc.assert(
    fc.property(text, (each) => {
      try {
        return parseConnectionString(each).hosts.length > 0;
      } catch (error) {
        return error instanceof ArgumentError;
      }
    }),
  );
});

test('what is written reads as the same', () => {
  const duration = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const options = fc.record(
    {
      kv_timeout: duration,
      view_timeout: duration,
      num_kv_connections: fc.integer({ min: 1, max: 64 }),
      compression_min_ratio: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
      enable_dns_srv: fc.boolean(),
      ip_protocol: fc.constantFrom(...CONNECTION_OPTIONS.ip_protocol.values),
      network: text,
      user_agent_extra: text,
    },
    { requiredKeys: [] },
  );
  const parsed = fc.record({
    scheme: fc.constantFrom('couchbase' as const, 'couchbases' as const),
    hosts: fc.array(
      fc.record({
        hostname: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
        port: fc.option(
          fc.integer({ min: 1, max: 65535 }).filter((port) => port !== 8091 && port !== 18091),
          { nil: undefined },
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    bucket: fc.option(text, { nil: undefined }),
    options,
  });
  fc.assert(
    fc.property(parsed, (each) => {
      expect(parseConnectionString(formatConnectionString(each))).toEqual(each);
    }),
  );
});

test('half of a surrogate pair cannot be written', () => {
  const parsed = { ...parseConnectionString('couchbase://h'), bucket: '\ud800' };
  expect(() => formatConnectionString(parsed)).toThrow(ArgumentError);
});

test('each scheme has its port', () => {
  expect([defaultPort('couchbase'), defaultPort('couchbases'), defaultPort('memcached')]).toEqual([
    11210, 11207, 11211,
  ]);
});
