import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_LINES_MAX, HistoryFile } from '../../src/query/history-file.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cb-history-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('keeps lines for the next session, for the user alone', async () => {
  const file = HistoryFile.of({ HOME: folder });
  expect(await file.read()).toEqual([]);
  await file.write(['second', 'first']);
  expect(readFileSync(join(folder, '.cb_history'), 'utf8')).toBe('first\nsecond\n');
  expect(statSync(join(folder, '.cb_history')).mode & 0o777).toBe(0o600);
  expect(await file.read()).toEqual(['second', 'first']);
});

test('keeps the latest lines', async () => {
  const file = new HistoryFile(join(folder, 'history'));
  const lines = Array.from({ length: HISTORY_LINES_MAX + 5 }, (_each, index) => `line ${index}`);
  await file.write(lines);
  expect(await file.read()).toEqual(lines.slice(0, HISTORY_LINES_MAX));
});

test('is where the environment says, or nowhere', async () => {
  const file = HistoryFile.of({ HOME: folder, CB_HISTORY: join(folder, 'other') });
  await file.write(['a']);
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('a\n');
  for (const nowhere of [HistoryFile.of({}), HistoryFile.of({ HOME: folder, CB_HISTORY: '' })]) {
    await nowhere.write(['a']);
    expect(await nowhere.read()).toEqual([]);
  }
  await expect(new HistoryFile(join(folder, 'no', 'folder')).write(['a'])).rejects.toThrow('ENOENT');
});
