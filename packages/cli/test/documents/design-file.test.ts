import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDesigns } from '../../src/documents/design-file.js';

const directory = mkdtempSync(join(tmpdir(), 'cb-'));
const path = join(directory, 'designs.json');
afterAll(() => rmSync(directory, { recursive: true }));

test('reads design documents by name', async () => {
  const beer = { _id: '_design/beer', views: { all: { map: 'function () {}' } } };
  writeFileSync(path, JSON.stringify({ beer }));
  expect([...(await readDesigns(path))]).toEqual([['beer', beer]]);
});

test.each([
  ['{', 'JSON'],
  ['[]', 'not an object with design documents by name'],
  ['{"beer":{}}', '"beer" is not a design document with "views"'],
  ['{"beer":{"views":[]}}', '"beer" is not a design document with "views"'],
])('refuses %s', async (text, message) => {
  writeFileSync(path, text);
  await expect(readDesigns(path)).rejects.toThrow(message);
});

test('fails with the system error for a file that is not there', async () => {
  await expect(readDesigns(join(directory, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
