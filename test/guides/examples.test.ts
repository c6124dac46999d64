import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText, repositoryRoot } from '../house/repository.js';

/** Runs a compiled example to its end; it must end by itself, well, and without a word on the standard error. */
function run(name: string, ...args: readonly string[]): string {
  const program = join(repositoryRoot, 'examples/dist', `${name}.js`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** What each example must print, line by line. */
const examples: Readonly<Record<string, readonly RegExp[]>> = {
  'quick-start': [/^\{ bar: 1 \} is now \{ bar: 2 \}$/],
  callbacks: [/^stored foo$/, /^foo is \{"bar":1\}$/, /^NotFoundError: get of "fou" failed/],
  'optimistic-locking': [/^10 deposits took \d+ attempts$/, /^the balance is 100$/],
  'locks-and-expiry': [
    /^the session lives on for \{ user: 'ann' \}$/,
    /^nobody else can change the job: upsert of "job" failed with Locked/,
    /^the holder of the lock made it \{ state: 'done' \}$/,
  ],
  collections: [
    /^airline 42 is \{ name: 'Air Forty-Two' \}$/,
    /^hotel 42 is \{ stars: 4 \}$/,
    /^in the default collection there is none$/,
  ],
  observables: [/^opened 1000 accounts$/, /^account:7 has 20$/, /^the richest is account:7$/],
  errors: [
    /^a missing document: NotFoundError \(not_found\), the document is in another state$/,
    /^a second insert: DocumentExistsError \(document_exists\), the document is in another state$/,
    /^an empty key: ArgumentError \(argument\), the call cannot work$/,
    /^a value that is not JSON: ValueFormatError \(value_format\), the call cannot work$/,
    /^a wrong password: AuthError \(auth\), the call cannot work$/,
    /^a missing bucket: BucketNotFoundError \(bucket_not_found\), the call cannot work$/,
    /^nobody there: ConnectError \(connect\), try again later$/,
    /^a missing document, quiet: success false, value undefined$/,
  ],
};

test('every example is here', () => {
  const files = readdirSync(join(repositoryRoot, 'examples')).filter((file) => file.endsWith('.ts'));
  expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual([...Object.keys(examples), 'tour'].sort());
});

test.each(Object.entries(examples))('%s', (name, expected) => {
  const lines = run(name).trimEnd().split('\n');
  expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});

test('the tour, small', () => {
  const printed = run('tour', '--documents', '2000');
  const headings = [...printed.matchAll(/^(\d\. .*)\n-+$/gm)].map((match) => match[1]);
  expect(headings).toEqual([
    '1. A cluster',
    '2. Real data',
    '3. A document, in an application',
    '4. The same reads with callbacks',
    '5. When something is wrong',
    '6. Views: questions about all documents',
    '7. The same in SQL++',
  ]);
  expect(printed).toMatch(/Three nodes are up in process \d+/);
  expect(printed).toMatch(/^ {3}couchbase:\/\/127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/m);
  expect(printed).toMatch(/^ {3}cities \[#{30}\] 2,000 of 2,000, [\d,]+\/s$/m);
  expect(printed).toMatch(/^ {3}value {2}\{"type":"city",/m);
  expect(printed.match(/[\d,]+ reads\/s$/gm)).toHaveLength(2);
  expect(printed).toMatch(/Callbacks were \d+\.\d\d times as fast here/);
  expect(printed).toMatch(/=> NotFoundError: get of "FR\/Atlantis" failed/);
  expect(printed).toMatch(/=> AuthError: .*wrong/);
  expect(printed).toMatch(/=> \d+ countries; the most places: [A-Z]{2} [\d,]+, /);
  expect(printed).toMatch(/=> onRows was called \d+ times, with 2,000 rows as they arrived; 2,000 are indexed/);
  expect(printed).toMatch(/=> \{"country":"[A-Z]{2}","places":\d+\}$/m);
  expect(printed).toMatch(/=> QueryParsingError: query SELECT FROM default failed with 3000: syntax error/);
  // Not a terminal: no line is drawn twice.
  expect(printed).not.toContain('\r');
});

test('the tour refuses an invalid number of documents', () => {
  const program = join(repositoryRoot, 'examples/dist/tour.js');
  const { status, stderr } = spawnSync(process.execPath, [program, '--documents', 'many'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('--documents must be a number from 1');
});

test('the README shows what the tests run', () => {
  const snippets = [...readText('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(snippets).toHaveLength(2);
  const programs = Object.keys(examples).map((name) => withoutIndentation(readText(`examples/${name}.ts`)));
  const unknown = snippets.filter((snippet) => !programs.some((text) => text.includes(withoutIndentation(snippet))));
  expect(unknown).toEqual([]);
});

function withoutIndentation(text: string): string {
  return text.replace(/^ +/gm, '');
}
