import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readDocuments } from '../../src/documents/document-file.js';
import { CommandFailure } from '../../src/terminal/command-failure.js';

const directory = mkdtempSync(join(tmpdir(), 'cb-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** The documents of the file, parsed. */
async function read(path: string): Promise<{ id: string; doc: unknown }[]> {
  const documents: { id: string; doc: unknown }[] = [];
  for await (const { id, doc } of readDocuments(path)) documents.push({ id, doc: JSON.parse(doc.text) });
  return documents;
}

const documents = [
  { id: 'a', doc: { text: 'grüße', list: [1, null] } },
  { id: 'b', doc: null },
];
const lines = documents.map((document) => JSON.stringify(document)).join('\n');

test('reads lines, with or without a last line break', async () => {
  expect(await read(write('plain.ndjson', lines))).toEqual(documents);
  expect(await read(write('plain.ndjson', `${lines}\n`))).toEqual(documents);
});

test('reads gzipped files by their name', async () => {
  expect(await read(write('packed.ndjson.gz', gzipSync(lines)))).toEqual(documents);
});

test('passes over empty lines, line ends of Windows and further fields', async () => {
  expect(await read(write('odd.ndjson', '\r\n\n{"id":"a","doc":1,"cas":"5"}\r\n \n'))).toEqual([{ id: 'a', doc: 1 }]);
});

test('reads files larger than a chunk, whatever is cut', async () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({ id: `key ${index}`, doc: 'ü'.repeat(index % 50) }));
  const path = write('large.ndjson', many.map((document) => JSON.stringify(document)).join('\n'));
  expect(await read(path)).toEqual(many);
});

test('an empty file has no documents', async () => {
  expect(await read(write('empty.ndjson', ''))).toEqual([]);
});

test.each([
  ['{"id":"a","doc":1}\n{"id":"b"', /line 2: /],
  ['{"id":"a"}', /line 1: this is not \{"id": a string, "doc": any JSON\}/],
  ['{"id":1,"doc":1}', /line 1: this is not/],
  ['[]', /line 1: this is not/],
  ['null', /line 1: this is not/],
])('names the line in %j', async (text, message) => {
  const path = write('bad.ndjson', text);
  const reading = read(path);
  await expect(reading).rejects.toThrow(CommandFailure);
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toThrow(path);
});

test('says what is wrong with a file that is not gzipped, or cut short', async () => {
  await expect(read(write('not.ndjson.gz', lines))).rejects.toThrow(CommandFailure);
  await expect(read(write('cut.ndjson.gz', gzipSync(lines).subarray(0, 30)))).rejects.toThrow(CommandFailure);
});

test.each(['missing.ndjson', 'missing.ndjson.gz'])('fails with the system error for %s', async (name) => {
  await expect(read(join(directory, name))).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
});
