import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

test('explains every part', async () => {
  const terminal = new RecordingTerminal();
  const text = 'couchbases://one,[::1]:1234/beer-sample?kv_timeout=5s';
  expect(await main(['explain-connstr', text], terminal)).toBe(0);
  expect(terminal.printed.split('\n')).toEqual([
    'scheme  couchbases: a Couchbase cluster, with TLS on every connection',
    'host    one, port 11207 (the default)',
    'host    ::1, port 1234',
    'bucket  beer-sample',
    'option  kv_timeout = 5000 ms',
    '',
  ]);
});

test('says what is missing', async () => {
  const terminal = new RecordingTerminal();
  expect(await main(['explain-connstr', 'couchbase://one'], terminal)).toBe(0);
  expect(terminal.printed).toContain('bucket  none');
});

test('prints JSON', async () => {
  const terminal = new RecordingTerminal();
  expect(await main(['explain-connstr', '--json', 'memcached://one:11222'], terminal)).toBe(0);
  expect(JSON.parse(terminal.printed)).toEqual({
    scheme: 'memcached',
    hosts: [{ hostname: 'one', port: 11222 }],
    options: {},
  });
});

test.each([
  ['couchbase://one?kv_timout=5s', 'did you mean kv_timeout?'],
  ['couchbse://one', 'did you mean couchbase://?'],
])('refuses %s as a mistake of the command line', async (text, hint) => {
  const terminal = new RecordingTerminal();
  expect(await main(['explain-connstr', text], terminal)).toBe(2);
  expect(terminal.printed).toBe('');
  expect(terminal.complaint).toContain(hint);
});
