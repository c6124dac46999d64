import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import * as protocol from '../src/index.js';

const readme = readFileSync(resolve(__dirname, '../README.md'), 'utf8');
const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';

test('the example prints what it says', () => {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const printed: unknown[] = [];
  const run = new Function('require', 'exports', 'console', ts.transpile(example, options));
  run(() => protocol, {}, { log: (line: unknown) => printed.push(line) });
  const promised = [...example.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
  expect(promised).not.toEqual([]);
  expect(printed).toEqual(promised);
});

test('every name in the table is exported', () => {
  const names = [...readme.matchAll(/^\| .* \|$/gm)].flatMap(([row]) =>
    [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !(name! in protocol))).toEqual([]);
});
