import { CONNECTION_OPTIONS, type ConnectionOptionName, parseConnectionString } from '@cb/protocol';
import { resolveConnectionOptions } from '@cb/protocol/internal';
import ts from 'typescript';
import { behaviours } from '../options/behaviours.js';
import { listFiles, readText } from './repository.js';

const guide = readText('docs/guides/connection-string.md');
const names = Object.keys(CONNECTION_OPTIONS) as ConnectionOptionName[];

interface Described {
  readonly description: string;
  readonly aliases?: readonly string[];
}

/** Where sources read an option from the resolved ones, as `file:line`, by the option. */
function readers(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>(names.map((name) => [name, []]));
  const sources = listFiles('packages').filter((file) => /^packages\/(raw|views|promise)\/src\/.*\.ts$/.test(file));
  for (const file of sources) {
    const text = readText(file);
    if (!names.some((name) => text.includes(name))) continue;
    const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const name = propertyRead(node);
      if (name !== undefined) {
        const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.get(name)?.push(`${file}:${line}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(parsed);
  }
  return found;
}

/** The name of what a node reads from `options`, by a dot or by taking it apart. */
function propertyRead(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.expression.getText() === 'options' ? node.name.text : undefined;
  if (!ts.isBindingElement(node) || !ts.isVariableDeclaration(node.parent.parent)) return undefined;
  const isOptions = node.parent.parent.initializer?.getText() === 'options';
  return isOptions ? (node.propertyName ?? node.name).getText() : undefined;
}

test.each([...readers()])('%s of the connection string has exactly one reader', (_name, places) => {
  expect(places).toEqual([expect.stringMatching(/^packages\/raw\/src\/bucket\/settings\.ts:/)]);
});

test('every option of the connection string has a test of what it does', () => {
  expect(Object.keys(behaviours).sort()).toEqual([...names].sort());
});

test.each(names)('the guide tells of %s', (name) => {
  const { description, aliases = [] }: Described = CONNECTION_OPTIONS[name];
  const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
  expect(row).toContain(`| ${description}`);
  expect(row.endsWith(`| ${aliases.map((alias) => `\`${alias}\``).join(', ')} |`)).toBe(true);
  const [, text = ''] = /^\| `\w+` \| `(.*?)` \|/.exec(row) ?? [];
  expect(
    resolveConnectionOptions(text === '' ? {} : parseConnectionString(`couchbases://a?${name}=${text}`).options),
  ).toEqual(resolveConnectionOptions({}));
});
