import ts from 'typescript';
import { listFiles, readText } from './repository.js';

/** What test runners and browsers' environments replace in the global object. */
const REPLACED = new Set([
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
  ...['queueMicrotask', 'performance', 'structuredClone', 'TextEncoder', 'TextDecoder'],
]);

/** What applications load; the command line is a process of its own. */
const sources = ['protocol', 'raw', 'promise', 'views', 'sqlpp', 'embedded']
  .flatMap((name) => listFiles(`packages/${name}/src`))
  .filter((file) => file.endsWith('.ts'));

/** Where a file uses a global of that kind, as `file:line name`. */
function globalsUsed(file: string): string[] {
  const parsed = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
  const imported = new Set<string>();
  const used: string[] = [];
  const note = (node: ts.Node, name: string): void => {
    used.push(`${file}:${parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node)) imported.add(node.name.text);
    else if (ts.isPropertyAccessExpression(node) && node.getText() === 'process.nextTick')
      note(node, 'process.nextTick');
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isIdentifier(node) && REPLACED.has(node.text) && !imported.has(node.text)) note(node, node.text);
    else ts.forEachChild(node, visit);
  };
  visit(parsed);
  return used;
}

test('time and turns are taken from modules of Node, not from the globals that others replace', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap(globalsUsed)).toEqual([]);
});
