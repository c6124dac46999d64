import { EmbeddedCluster } from '@cb/embedded';
import ts from 'typescript';
import { readSharedData, sharedData } from '../data/shared-data.js';
import { readText } from '../house/repository.js';
import { runProgram } from '../peers/program.js';

/** The snippets of the guide, each with the output that stands below it, and the heading above. */
const snippets = [
  ...readText('docs/guides/views.md').matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g),
].map(({ 1: source = '', 2: output = '', index }) => {
  const before = readText('docs/guides/views.md').slice(0, index);
  return { heading: before.match(/^#+ .*$/gm)?.at(-1) ?? '', source, output };
});

const documentsPath = sharedData('beer-sample.ndjson.gz');
const designsPath = sharedData('beer-sample.designs.json');
const isThere = documentsPath !== undefined && designsPath !== undefined;
if (!isThere) console.warn('../shared/data/beer-sample.* is missing: the snippets of docs/guides/views.md are not run');
const suite = isThere ? describe : describe.skip;

test('every snippet says what it prints', () => {
  expect(snippets.length).toBeGreaterThan(9);
  expect(snippets.filter(({ output }) => output === '')).toEqual([]);
});

suite('the guide to views', () => {
  let cluster: EmbeddedCluster;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2, buckets: 'beer-sample' });
    const bucket = cluster.bucket('beer-sample');
    for (const line of readSharedData(documentsPath!).toString('utf8').split('\n')) {
      if (line === '') continue;
      const { id, doc } = JSON.parse(line);
      bucket.put(id, doc);
    }
    const designs: Record<string, object> = JSON.parse(readSharedData(designsPath!).toString('utf8'));
    for (const [name, design] of Object.entries(designs)) bucket.designs.set(`_design/${name}`, design);
  });

  afterAll(() => cluster.stop());

  test.each(snippets)('$heading', async ({ source, output }) => {
    const { connectionString, username, password } = cluster;
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const program = `const { connectionString, username, password } = input;\n${outputText}`;
    const { exitCode, stdout, stderr } = await runProgram(program, { connectionString, username, password });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const pattern = output.split('…').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    expect(stdout).toMatch(new RegExp(`^${pattern.join('\\S+')}$`));
  });
});
