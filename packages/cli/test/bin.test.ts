import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const program = join(__dirname, '../bin/cb.js');

/** `cb serve` as a process, when it has printed its line. */
async function serve(stdin: 'pipe' | 'ignore'): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--json'], { stdio: [stdin, 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ pid: child.pid, buckets: ['default'] });
  return child;
}

test('cb serve ends when its standard input closes', async () => {
  const child = await serve('pipe');
  child.stdin?.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('cb serve ends on %s', async (signal) => {
  const child = await serve('pipe');
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('cb serve goes on without a standard input', async () => {
  const child = await serve('ignore');
  const exit = once(child, 'exit');
  const waited = new Promise((resolve) => setTimeout(resolve, 300, 'still there'));
  expect(await Promise.race([exit, waited])).toBe('still there');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('the exit status is that of the command', () => {
  expect(spawnSync(process.execPath, [program, 'hash', 'foo'])).toMatchObject({ status: 0 });
  expect(spawnSync(process.execPath, [program, 'hash'])).toMatchObject({ status: 2 });
  expect(spawnSync(process.execPath, [program, 'serve', '--load', 'no-such-file'])).toMatchObject({ status: 1 });
});

test('a reader that goes away is not a failure', () => {
  const command = `"${process.execPath}" "${program}" hash $(seq 20000) | head -n 1`;
  const { stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], { encoding: 'utf8' });
  expect(stdout).toMatch(/^1: vbucket \d+\n$/);
  expect(stderr).toBe('');
});

// Every write to it fails as on a full disk. Linux has it.
const full = '/dev/full';
const whereFull = existsSync(full) ? test : test.skip;

whereFull.each(['hash foo', 'help', 'version'])('cb %s says that the disk is full', (command) => {
  const shell = `"${process.execPath}" "${program}" ${command} > ${full}`;
  const { status, stderr } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
  expect(stderr).toBe('cb: the standard output cannot be written to: ENOSPC: no space left on device, write\n');
  expect(status).toBe(1);
});
