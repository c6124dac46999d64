import { knotsOf } from './cycles.js';
import { staticImportsOf } from './imports.js';
import { packageNames, readText } from './repository.js';
import { importGraph, roomOf, rooms, sourcesOf, upwardImports } from './rooms.js';

/** Most files that may know one another by their types. */
const KNOT_FILES_MAX = 3;

describe('the rooms of a package', () => {
  test.each(Object.keys(rooms))('are those that %s has', (name) => {
    const found = new Set(sourcesOf(name).map(roomOf).filter(Boolean));
    expect([...found].sort()).toEqual([...rooms[name]!].sort());
  });

  test.each(Object.keys(rooms))('are imported from above only, in %s', (name) => {
    const source = `packages/${name}/src`;
    const upward = sourcesOf(name).flatMap((file) => upwardImports(rooms[name]!, file, readText(`${source}/${file}`)));
    expect(upward).toEqual([]);
  });
});

describe('no files import one another in a circle', () => {
  test.each(packageNames)('by value, in %s', (name) => {
    expect(knotsOf(importGraph(name, 'value'))).toEqual([]);
  });

  test.each(packageNames)(`by type, with more than ${KNOT_FILES_MAX} of them, in %s`, (name) => {
    expect(knotsOf(importGraph(name, 'any')).filter((knot) => knot.length > KNOT_FILES_MAX)).toEqual([]);
  });
});

describe('the check of rooms', () => {
  const order = ['store', 'kv'];

  test.each([
    ['store/bucket.ts', "import { a } from '../kv/a.js';", 'kv is not below store'],
    ['store/deep/bucket.ts', "import type { A } from '../../kv/a.js';", 'kv is not below store'],
    ['store/bucket.ts', "const { a } = await import('../kv/a.js');", 'kv is not below store'],
    ['kv/a.ts', "export { a } from '../index.js';", 'an entry is not below kv'],
  ])('finds fault with %s when it says %s', (file, text, fault) => {
    expect(upwardImports(order, file, text)).toEqual([expect.stringContaining(fault)]);
  });

  test('allows what is below, what is in the same room, and everything to an entry', () => {
    expect(upwardImports(order, 'kv/a.ts', "import '../store/b.js'; import './c.js'; import 'node:fs';")).toEqual([]);
    expect(upwardImports(order, 'index.ts', "import './kv/a.js';")).toEqual([]);
  });

  test('tells values from types', () => {
    const text = [
      "import type { A } from './a.js';",
      "import { type B } from './b.js';",
      "import { type C, c } from './c.js';",
      "import * as d from './d.js';",
      "import './e.js';",
      "export type { F } from './f.js';",
      "export * from './g.js';",
    ].join('\n');
    expect(staticImportsOf(text, 'value')).toEqual(['./c.js', './d.js', './e.js', './g.js']);
    expect(staticImportsOf(text, 'type')).toEqual(['./a.js', './b.js', './f.js']);
  });

  test('finds all that is in a circle, and nothing else', () => {
    const graph = new Map(
      Object.entries({ a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: ['d', 'f'], f: [], g: ['a', 'd'] }).map(
        ([file, imported]) => [file, new Set(imported)],
      ),
    );
    expect(knotsOf(graph)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});
