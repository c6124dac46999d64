import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EmbeddedCluster } from '@cb/embedded';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

const PASSWORD = 'gräßlich geheim';
let cluster: EmbeddedCluster;
let login: string[];

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ users: { me: { password: PASSWORD, roles: ['admin'] } } });
  login = ['-U', `${cluster.connectionString}/default`, '-u', 'me', '-P', '-'];
});

afterAll(() => cluster.stop());

/** A terminal at which somebody types. */
function typing(...keys: readonly string[]): { terminal: RecordingTerminal; raw: boolean[] } {
  const terminal = new RecordingTerminal('', {}, keys);
  const raw: boolean[] = [];
  Object.assign(terminal.stdin, { isTTY: true, setRawMode: (isRaw: boolean) => raw.push(isRaw) });
  return { terminal, raw };
}

test('is the first line of the standard input, and the rest is the value', async () => {
  const terminal = new RecordingTerminal(`${PASSWORD}\n{"bar":1}`);
  expect(await main(['upsert', ...login, 'k'], terminal)).toBe(0);
  for (const input of [PASSWORD, `${PASSWORD}\r\n`]) {
    const reading = new RecordingTerminal(input);
    expect(await main(['get', ...login, 'k'], reading)).toBe(0);
    expect(reading.printed).toBe('{"bar":1}\n');
  }
});

test('may come in pieces, cut anywhere', async () => {
  const bytes = Buffer.from(`${PASSWORD}\nrest`);
  const pieces = Array.from(bytes, (byte) => Buffer.of(byte));
  const terminal = new RecordingTerminal('', {}, pieces);
  expect(await main(['upsert', ...login, '--format', 'string', 'pieces'], terminal)).toBe(0);
  const reading = new RecordingTerminal(PASSWORD);
  expect(await main(['get', ...login, 'pieces'], reading)).toBe(0);
  expect(reading.printed).toBe('rest\n');
});

test('is not shown while it is typed', async () => {
  const { terminal, raw } = typing('falsch', '\u007f'.repeat(6), PASSWORD, '\r');
  expect(await main(['get', ...login, 'k'], terminal)).toBe(0);
  expect(raw).toEqual([true, false]);
  expect(terminal.complaint).toBe('Password: \n');
  expect(terminal.printed).toBe('{"bar":1}\n');
});

test.each(['\u0003', '\u0004'])('%j gives up, and the terminal is as before', async (key) => {
  const { terminal, raw } = typing(key);
  expect(await main(['get', ...login, 'k'], terminal)).toBe(1);
  expect(raw).toEqual([true, false]);
  expect(terminal.complaint).toBe('Password: \ncb get: interrupted\n');
});

test('that is missing, or has no end, is a failure', async () => {
  const nothing = new RecordingTerminal('');
  expect(await main(['get', ...login, 'k'], nothing)).toBe(1);
  expect(nothing.complaint).toBe('cb get: there is no password on the standard input\n');
  const endless = new RecordingTerminal('x'.repeat(5000));
  expect(await main(['get', ...login, 'k'], endless)).toBe(1);
  expect(endless.complaint).toBe('cb get: the password is longer than 4096 bytes\n');
});

test('is for a cluster that is served, too, which does not print it', async () => {
  const terminal = new RecordingTerminal('secret\n');
  const status = main(['serve', '-P', '-'], terminal);
  await new Promise((resolve) => terminal.stdout.once('readable', resolve));
  expect(terminal.printed).toContain('User    Administrator, with the password that was given\n');
  expect(terminal.printed).not.toContain('secret');
  terminal.emit('SIGINT');
  expect(await status).toBe(0);
});

test('is not repeated by what complains about the command line', async () => {
  for (const argv of [
    ['get', '-P', '-secret', 'k'],
    ['get', '--pasword=secret', 'k'],
    ['serve', '-P', '-secret'],
  ]) {
    const terminal = new RecordingTerminal();
    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.complaint).not.toContain('secret');
  }
});

test('a process that read it ends by itself', () => {
  const program = join(__dirname, '../../bin/cb.js');
  const unreachable = ['-U', 'couchbase://127.0.0.1:1/default', '-u', 'me', '-P', '-'];
  const { status, stderr } = spawnSync(process.execPath, [program, 'get', ...unreachable, 'k'], {
    input: `${PASSWORD}\nmore`,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toContain('cb get: no seed node could be used');
  expect(status).toBe(1);
});
