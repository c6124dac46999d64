import { main } from '../src/main.js';
import { RecordingTerminal } from './recording-terminal.js';

async function run(...argv: string[]): Promise<{ status: number; printed: string; complaint: string }> {
  const terminal = new RecordingTerminal();
  const status = await main(argv, terminal);
  return { status, printed: terminal.printed, complaint: terminal.complaint };
}

test.each([[], ['help'], ['--help'], ['-h']])('cb %s lists the commands', async (...argv) => {
  const { status, printed, complaint } = await run(...argv);
  expect(status).toBe(0);
  expect(complaint).toBe('');
  expect(printed).toContain('Usage: cb <command> [options]');
  expect(printed).toMatch(/^ {2}hash +Show the vbucket of keys/m);
});

test.each([
  ['help', 'hash'],
  ['hash', '--help'],
  ['hash', '-h'],
])('cb %s %s explains one command', async (...argv) => {
  const { status, printed } = await run(...argv);
  expect(status).toBe(0);
  expect(printed).toContain('Usage: cb hash [options] <key>...');
  expect(printed).toMatch(/^ {6}--vbuckets N +Number of/m);
  expect(printed).toMatch(/^ {2}-h, --help +Show this help/m);
});

test('every command explains itself', async () => {
  const { printed } = await run('help');
  const names = [...printed.matchAll(/^ {2}(\S+) {2,}/gm)].map((match) => match[1] ?? '');
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    const help = await run('help', name);
    expect(help.status).toBe(0);
    expect(help.printed).toContain(`Usage: cb ${name}`);
  }
});

test.each([
  [['hsh'], 'cb: unknown command "hsh"; did you mean hash?'],
  [['frobnicate'], 'cb: unknown command "frobnicate"'],
  [['help', 'vers'], 'cb help: unknown command "vers"; did you mean version?'],
  [['hash', '--vbucket', '64', 'a'], 'cb hash: unknown option --vbucket; did you mean --vbuckets?'],
  [['hash', '--frobnicate', 'a'], 'cb hash: unknown option --frobnicate'],
  [['hash', '-x', 'a'], 'cb hash: unknown option -x'],
  [['hash', '--vbuckets'], 'cb hash: --vbuckets needs a value: --vbuckets N'],
  [
    ['hash', '--vbuckets', '--json', 'a'],
    'cb hash: --vbuckets needs a value; if --json is meant to be it, write --vbuckets=--json',
  ],
  [['hash', '--vbuckets=many', 'a'], 'cb hash: --vbuckets must be a whole number from 1 to 65536, not "many"'],
  [['hash', '--vbuckets=0', 'a'], 'cb hash: --vbuckets must be a whole number from 1 to 65536, not "0"'],
  [['hash', '--json=yes', 'a'], 'cb hash: --json does not take a value'],
  [['hash'], 'cb hash: an operand is missing: <key>...'],
  [['version', 'please'], 'cb version: unexpected operand "please"'],
])('refuses %j', async (argv, message) => {
  const { status, printed, complaint } = await run(...argv);
  expect(status).toBe(2);
  expect(printed).toBe('');
  const [first, second] = complaint.split('\n');
  expect(first).toBe(message);
  expect(second).toMatch(/^Try: cb help/);
});

test('what follows -- is not an option', async () => {
  const { status, printed } = await run('hash', '--', '--json');
  expect(status).toBe(0);
  expect(printed).toMatch(/^--json: vbucket \d+\n$/);
});

test('the version is that of the package', async () => {
  const { version } = jest.requireActual<{ version: string }>('../package.json');
  expect((await run('version')).printed).toBe(`cb ${version}\n`);
  expect((await run('--version')).printed).toBe(`cb ${version}\n`);
});
