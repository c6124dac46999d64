import ts from 'typescript';
import { readText } from '../house/repository.js';

const guide = readText('docs/guides/clusters.md');

/** The programs of the guide, by the heading that they stand under. */
const programs = guide.split(/^## /m).flatMap((section) => {
  const [, program] = /^```ts\n(.*?)^```/ms.exec(section) ?? [];
  return program === undefined ? [] : [[section.slice(0, section.indexOf('\n')), program] as const];
});

/** Runs a program, and gives what it prints, line by line. */
async function run(program: string): Promise<string[]> {
  const imports = program.match(/^import .*$/gm) ?? [];
  const body = program.replace(/^import .*$/gm, '');
  const source = `${imports.join('\n')}\nexport async function main(console) {\n${body}\n}`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const exported: { main?: (console: object) => Promise<void> } = {};
  const load = (name: string): unknown => jest.requireActual(name);
  new Function('require', 'exports', outputText)(load, exported);
  await exported.main!({ log: (...values: unknown[]) => printed.push(values.map(String).join(' ')) });
  return printed;
}

test('the guide has programs', () => {
  expect(programs.length).toBe((guide.match(/^```ts$/gm) ?? []).length);
  expect(programs.length).toBeGreaterThan(3);
});

test.each(programs)('%s', async (_heading, program) => {
  const promised = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  expect(promised.length).toBeGreaterThan(0);
  expect(await run(program)).toEqual(promised);
});
