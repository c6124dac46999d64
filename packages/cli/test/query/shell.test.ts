import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedCluster } from '@cb/embedded';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

const ENDLESS = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 100000) AS a, ARRAY_RANGE(0, 100000) AS b;';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';

let cluster: EmbeddedCluster;
let folder: string;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ buckets: { default: { collections: { zoo: ['birds'] } } } });
});

afterAll(() => cluster.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cb-shell-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A shell at which a test types. */
class TypedShell {
  readonly terminal: RecordingTerminal;
  readonly status: Promise<number>;

  constructor(...options: readonly string[]) {
    const { connectionString, username, password } = cluster;
    this.terminal = new RecordingTerminal(null, {
      CB_SPEC: `${connectionString}/default`,
      CB_USERNAME: username,
      CB_PASSWORD: password,
      CB_HISTORY: join(folder, 'history'),
    });
    Object.assign(this.terminal.stdin, { isTTY: true, setRawMode: () => {} });
    Object.assign(this.terminal.stdout, { isTTY: true, columns: 80 });
    this.status = main(['query', ...options], this.terminal);
  }

  type(keys: string): void {
    this.terminal.stdin.write(keys);
  }

  /** Resolves when the output has a text more often than before. */
  async until(text: string, output: 'printed' | 'complaint' = 'printed'): Promise<void> {
    const stream = output === 'printed' ? this.terminal.stdout : this.terminal.stderr;
    while (!this.terminal[output].includes(text)) await once(stream, 'readable');
  }
}

test('statements of several lines, until the end', async () => {
  const shell = new TypedShell();
  await shell.until('default> ');
  shell.type('SELECT 1 AS one,\n');
  await shell.until('       > ');
  shell.type('";" AS semicolon; SELECT 2 AS two;\n');
  await shell.until('one | semicolon\n----+----------\n  1 | ;\n(1 row');
  await shell.until('two\n---\n  2\n(1 row');
  shell.type(CTRL_D);
  expect(await shell.status).toBe(0);
});

test('an error is shown at its place, and the shell goes on', async () => {
  const shell = new TypedShell();
  shell.type('SELECT *\nFRMO x;\n');
  await shell.until('  FRMO x\n', 'complaint');
  expect(shell.terminal.complaint).toMatch(
    /^error 3000: syntax error - line 2, column \d+[^\n]*\n {2}FRMO x\n {2,}\^\n$/,
  );
  shell.type('.hepl\n');
  await shell.until('did you mean .help?\n', 'complaint');
  shell.type('.json\nSELECT 1 / 0 AS x;\n');
  await shell.until('warning 5036: ', 'complaint');
  await shell.until('{"x":null}\n');
  shell.type('.quit\n');
  expect(await shell.status).toBe(0);
});

test('a scope and parameters are for all statements that follow', async () => {
  const shell = new TypedShell('--json');
  shell.type('.scope zoo\nUPSERT INTO birds (KEY, VALUE) VALUES ("emu", { "n": $n });\n');
  await shell.until('No value for named parameter', 'complaint');
  shell.type('.param n=12345678901234567890\nUPSERT INTO birds (KEY, VALUE) VALUES ("emu", { "n": $n });\n');
  shell.type('SELECT b.n FROM birds AS b;\n');
  await shell.until('default.zoo> ');
  await shell.until('{"n":1234567890');
  shell.type(CTRL_D);
  expect(await shell.status).toBe(0);
});

test('Ctrl-C cancels what runs, forgets what was typed, and does not end the shell', async () => {
  const shell = new TypedShell();
  shell.type(`${ENDLESS}\n`);
  await shell.until('AS b;');
  // The statement begins when its line is taken, which is before the next key is.
  shell.type(CTRL_C);
  await shell.until('interrupted\n', 'complaint');
  shell.type('SELECT 1 +\n');
  await shell.until('       > ');
  shell.type(`nonsense${CTRL_C}`);
  await shell.until('^C');
  shell.type('SELECT 3 AS three;\n');
  await shell.until('three\n-----\n    3\n');
  shell.type(CTRL_C);
  await shell.until('.quit or Ctrl-D ends.');
  shell.type(CTRL_D);
  expect(await shell.status).toBe(0);
});

test('lines of earlier sessions come back', async () => {
  writeFileSync(join(folder, 'history'), 'SELECT "from before" AS text;\n');
  const shell = new TypedShell();
  await shell.until('default> ');
  shell.type(`${UP}\n`);
  await shell.until('text\n-----------\nfrom before\n');
  shell.type('SELECT 4;\n');
  shell.type(CTRL_D);
  expect(await shell.status).toBe(0);
  expect(readFileSync(join(folder, 'history'), 'utf8')).toBe('SELECT "from before" AS text;\nSELECT 4;\n');
});
