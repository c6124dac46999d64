import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText, repositoryRoot } from './repository.js';

const directory = mkdtempSync(join(tmpdir(), 'cb-'));
const report = join(directory, 'report.json');
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs the summary on a report; answers its exit status and the last line that it prints. */
function summarize(text: string, testStatus: number): { status: number | null; last: string | undefined } {
  writeFileSync(report, text);
  const program = join(repositoryRoot, '.ci/summary.mjs');
  const { status, stdout } = spawnSync(process.execPath, [program, report, String(testStatus)], { encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

function counts(passed: number, failed: number, notLoaded: number, pending: number, todo: number): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numRuntimeErrorTestSuites: notLoaded,
    numPendingTests: pending,
    numTodoTests: todo,
  });
}

test.each([
  ['all well', counts(12, 0, 0, 2, 1), 0, 0, '12 passed, 0 failed, 3 skipped'],
  ['a failed test', counts(12, 1, 0, 0, 0), 1, 1, '12 passed, 1 failed, 0 skipped'],
  ['a suite that cannot be loaded', counts(12, 0, 1, 0, 0), 1, 1, '12 passed, 1 failed, 0 skipped'],
  ['failures that the test command hides', counts(12, 1, 0, 0, 0), 0, 1, '12 passed, 1 failed, 0 skipped'],
  ['a test command that fails for another reason', counts(12, 0, 0, 0, 0), 7, 7, '12 passed, 0 failed, 0 skipped'],
  ['no tests', counts(0, 0, 0, 0, 0), 0, 1, '0 passed, 0 failed, 0 skipped'],
  ['only skipped tests', counts(0, 0, 0, 5, 0), 0, 1, '0 passed, 0 failed, 5 skipped'],
  ['a test command that stops before the tests', '', 1, 1, '0 passed, 0 failed, 0 skipped'],
  ['a report cut short', counts(12, 0, 0, 0, 0).slice(0, 30), 124, 124, '0 passed, 0 failed, 0 skipped'],
])('the summary of %s', (_name, text, testStatus, status, last) => {
  expect(summarize(text, testStatus)).toEqual({ status, last });
});

test('the script can be run, and runs the test command of the README', () => {
  expect(statSync(join(repositoryRoot, '.ci/run')).mode & 0o111).toBe(0o111);
  expect(readText('.ci/run')).toMatch(/^timeout .* npm test -- /m);
  expect(readText('README.md')).toMatch(/^ {4}npm test /m);
});
