import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

const program = join(__dirname, '../../bin/cb.js');
const ENDLESS = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 100000) AS a, ARRAY_RANGE(0, 100000) AS b';

let cluster: EmbeddedCluster;
let environment: Record<string, string>;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, buckets: { default: { collections: { zoo: ['birds'] } } } });
  const { connectionString, username, password } = cluster;
  environment = { CB_SPEC: `${connectionString}/default`, CB_USERNAME: username, CB_PASSWORD: password };
  await using bucket = await connect(`${connectionString}/default`, { username, password });
  const birds = bucket.scope('zoo').collection('birds');
  await birds.upsert('emu', { name: 'emu', weight: 40_000 });
  await birds.upsert('kea', { name: 'kea', weight: 900 });
});

afterAll(() => cluster.stop());

async function run(argv: readonly string[], input = ''): Promise<[number, string, string]> {
  const terminal = new RecordingTerminal(input, environment);
  const status = await main(['query', ...argv], terminal);
  return [status, terminal.printed, terminal.complaint];
}

/** `cb query` as a process. */
function start(...argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, 'query', ...argv], { env: { ...process.env, ...environment } });
}

async function ended(child: ChildProcess): Promise<[number, string, string]> {
  const [[status], printed, complaint] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return [status, printed, complaint];
}

test('prints lines of JSON, with numbers as they are', async () => {
  const statement = 'SELECT b.name, b.weight FROM default.zoo.birds AS b ORDER BY b.name';
  const lines = '{"name":"emu","weight":40000}\n{"name":"kea","weight":900}\n';
  expect(await run([statement])).toEqual([0, lines, '']);
  expect(await run(['SELECT RAW 9007199254740993'])).toEqual([0, '9007199254740993\n', '']);
  expect(await run(['-s', 'zoo', 'SELECT RAW COUNT(*) FROM birds'])).toEqual([0, '2\n', '']);
});

test('prints a table when told to', async () => {
  const [status, printed] = await run(['--table', '-s', 'zoo', 'SELECT b.* FROM birds AS b ORDER BY b.name']);
  expect(status).toBe(0);
  expect(printed).toMatch(
    /^name \| weight\n-{4}-\+-{7}\nemu {2}\| {2}40000\nkea {2}\| {4}900\n\(2 rows, [\d.]+ ms\)\n$/,
  );
  const [, changed] = await run(['--table', '-s', 'zoo', 'UPDATE birds SET seen = true']);
  expect(changed).toMatch(/^\(0 rows, 2 documents changed, [\d.]+ ms\)\n$/);
});

test('takes parameters, and the statements of the standard input', async () => {
  expect(await run(['-a', '2', '-a', '"x"', 'SELECT $1 AS a, $2 AS b'])).toEqual([0, '{"a":2,"b":"x"}\n', '']);
  expect(await run(['-p', 'n=[1]'], 'SELECT RAW $n;\n-- and\nSELECT RAW 2')).toEqual([0, '[1]\n2\n', '']);
});

test('ends with the first statement that fails', async () => {
  const [status, printed, complaint] = await run(['SELECT RAW 1; SELECT FROM x; SELECT RAW 2']);
  expect([status, printed]).toEqual([1, '1\n']);
  expect(complaint).toMatch(
    /^cb query: error 3000: syntax error - line 1, column 8, [^\n]*\n {2}SELECT FROM x\n {9}\^\n$/,
  );
});

test('refuses what changes anything, if told to', async () => {
  const [status, , complaint] = await run(['--readonly', '-s', 'zoo', 'DELETE FROM birds']);
  expect(status).toBe(1);
  expect(complaint).toContain('cb query: error 1000: ');
});

test.each([
  [[], 'there is no statement'],
  [['-a', 'x', 'SELECT 1'], '--arg must be JSON'],
  [['-p', 'x', 'SELECT 1'], 'a parameter is NAME=JSON'],
  [['--json', '--table', 'SELECT 1'], '--json and --table cannot be combined'],
  [['--consistency', 'now', 'SELECT 1'], '--consistency must be one of not_bounded, request_plus'],
  [['--scope=', 'SELECT 1'], '--scope must not be empty'],
])('refuses %j as a mistake of the command line', async (argv, message) => {
  const [status, printed, complaint] = await run(argv);
  expect([status, printed]).toEqual([2, '']);
  expect(complaint).toContain(message);
});

test('a process prints what a pipe can take, and no more', async () => {
  const child = start('SELECT RAW r FROM ARRAY_RANGE(0, 50000) AS r');
  const [status, printed, complaint] = await ended(child);
  expect([status, complaint]).toEqual([0, '']);
  expect(printed.split('\n')).toHaveLength(50_001);
});

test('SIGINT cancels the statement of a process', async () => {
  const child = start(`SELECT RAW "begun";${ENDLESS}`);
  await once(child.stdout!, 'readable');
  child.kill('SIGINT');
  const [status, printed, complaint] = await ended(child);
  expect([status, printed, complaint]).toEqual([1, '"begun"\n', 'cb query: interrupted\n']);
});

// A terminal of its own for a process; systems without util-linux do not have the program.
const scriptProgram = '/usr/bin/script';
const atTerminal = existsSync(scriptProgram) && process.platform === 'linux' ? test : test.skip;

atTerminal('a process at a terminal is a shell', async () => {
  const command = `"${process.execPath}" "${program}" query`;
  const env = { ...process.env, ...environment, CB_HISTORY: '', TERM: 'xterm' };
  const child = spawn(scriptProgram, ['-q', '-e', '-c', command, '/dev/null'], { env });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const until = async (wanted: string): Promise<void> => {
    while (!printed.includes(wanted)) await once(child.stdout, 'data');
  };
  await until('default> ');
  child.stdin.write('SELECT "terminal" AS here;\r');
  await until('terminal\r\n(1 row');
  child.stdin.write(`${ENDLESS};\r`);
  await until('AS b;');
  child.stdin.write('\u0003');
  await until('interrupted');
  child.stdin.write('.quit\r');
  expect((await once(child, 'exit'))[0]).toBe(0);
});
