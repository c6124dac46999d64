import { EmbeddedCluster, SystemClock } from '@cb/embedded';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

/** The machine's time, with a lead that tests can give it. */
class LeadingClock extends SystemClock {
  leadMs = 0;

  override now(): number {
    return super.now() + this.leadMs;
  }
}

const clock = new LeadingClock();
let cluster: EmbeddedCluster;
let environment: Record<string, string>;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, clock });
  const { connectionString, username, password } = cluster;
  environment = { CB_SPEC: `${connectionString}/default`, CB_USERNAME: username, CB_PASSWORD: password };
});

afterAll(() => cluster.stop());

async function run(argv: readonly string[], input = '', env = environment): Promise<[number, string, string]> {
  const terminal = new RecordingTerminal(input, env);
  const status = await main(argv, terminal);
  return [status, terminal.printed, terminal.complaint];
}

test('stores, prints and removes a document', async () => {
  expect(await run(['upsert', 'a', '{"bar": 1}'])).toEqual([
    0,
    expect.stringMatching(/^a: stored with cas \d+\n$/),
    '',
  ]);
  expect(await run(['get', 'a'])).toEqual([0, '{"bar":1}\n', '']);
  expect(await run(['rm', 'a'])).toEqual([0, expect.stringMatching(/^a: removed with cas \d+\n$/), '']);
  expect(await run(['get', 'a'])).toEqual([1, '', 'cb get: a: no such document\n']);
});

test('takes the value from the standard input', async () => {
  expect((await run(['upsert', 'input'], '[1, 2]'))[0]).toBe(0);
  expect(await run(['get', 'input'])).toEqual([0, '[1,2]\n', '']);
});

test('stores strings and bytes as they are', async () => {
  expect((await run(['upsert', '--format', 'string', 'text', '{grüße']))[0]).toBe(0);
  expect(await run(['get', 'text'])).toEqual([0, '{grüße\n', '']);
  expect((await run(['upsert', '--format', 'bytes', 'bytes'], 'as\nis'))[0]).toBe(0);
  expect(await run(['get', 'bytes'])).toEqual([0, 'as\nis', '']);
});

test('passes JSON through without touching its numbers', async () => {
  const text = '{"id":12345678901234567890,"f":1.0,"e":1e2,"s":"a  b\\n"}';
  expect((await run(['upsert', 'numbers', `  ${text.replaceAll(',', ' ,\n ')}`]))[0]).toBe(0);
  expect(await run(['get', 'numbers'])).toEqual([0, `${text}\n`, '']);
  const [, line] = await run(['get', '--json', 'numbers']);
  expect(line).toMatch(/^\{"id":"numbers","doc":\{"id":12345678901234567890,"f":1\.0,.*\},"cas":"\d+"\}\n$/);
  expect((await run(['upsert', 'counter', '18446744073709551615']))[0]).toBe(0);
  expect(await run(['get', 'counter'])).toEqual([0, '18446744073709551615\n', '']);
  expect((await run(['upsert', 'broken', '{"id":']))[0]).not.toBe(0);
});

test('prints lines that can be loaded', async () => {
  await run(['upsert', 'line', '{"bar":1}']);
  const [status, printed] = await run(['get', '--json', 'line']);
  expect(status).toBe(0);
  expect(JSON.parse(printed)).toEqual({ id: 'line', doc: { bar: 1 }, cas: expect.stringMatching(/^\d+$/) });
});

test('goes on after a key that fails', async () => {
  await run(['upsert', 'there', '1']);
  const [status, printed, complaint] = await run(['get', 'nowhere', 'there']);
  expect([status, printed]).toEqual([1, '1\n']);
  expect(complaint).toMatch(/^cb get: nowhere: no such document$/m);
  expect((await run(['rm', 'nowhere', 'there']))[0]).toBe(1);
  expect((await run(['get', 'there']))[0]).toBe(1);
});

test('gives a document its expiry', async () => {
  expect((await run(['upsert', '--ttl', '100', 'short', '1']))[0]).toBe(0);
  const [, printed] = await run(['get', 'short']);
  expect(printed).toBe('1\n');
  clock.leadMs += 101_000;
  expect((await run(['get', 'short']))[0]).toBe(1);
});

test('pings', async () => {
  const [status, printed] = await run(['ping', '-n', '2']);
  expect(status).toBe(0);
  const ports = cluster.nodes.map(({ ports: { kv } }) => `127.0.0.1:${kv}`);
  const [first, ...answers] = printed.trimEnd().split('\n');
  expect(first).toMatch(/^connected to .* in [\d.]+ ms$/);
  for (const port of ports) expect(first).toContain(port);
  expect(answers).toEqual([expect.stringMatching(/^answered in [\d.]+ ms$/), expect.stringMatching(/^answered in/)]);
});

test('options win over the environment', async () => {
  const [status, , complaint] = await run(['ping', '-P', 'wrong']);
  expect(status).toBe(1);
  expect(complaint).toMatch(/^cb ping: .*password/i);
});

test.each([
  [['upsert', 'a', 'no json'], 'the value is not JSON'],
  [['upsert', '--format', 'yaml', 'a', '1'], '--format must be one of json, string, bytes, not "yaml"'],
  [['upsert', '--ttl=-1', 'a', '1'], '--ttl must be a whole number from 0 to 4294967295, not "-1"'],
  [['get', '--timeout', '0', 'a'], '--timeout must be a whole number'],
  [['get', '-U', 'couchbase://127.0.0.1?kv_timout=1', 'a'], 'did you mean kv_timeout?'],
  [['get'], 'an operand is missing: <key>...'],
])('refuses %j as a mistake of the command line', async (argv, message) => {
  const [status, printed, complaint] = await run(argv);
  expect([status, printed]).toEqual([2, '']);
  expect(complaint).toContain(message);
});

test('says which server cannot be reached', async () => {
  const [status, , complaint] = await run(['get', '-U', 'couchbase://127.0.0.1:1/default', 'a']);
  expect(status).toBe(1);
  expect(complaint).toContain('127.0.0.1:1 at connect');
});
