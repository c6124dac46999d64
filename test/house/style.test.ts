import ts from 'typescript';
import { listFiles, packageNames, readPackageJson, readText } from './repository.js';

const linesMax = 400;
const functionLinesMax = 80;

/** Sources over the limit, each with its size when it was let in: it may shrink, never grow. */
const longFiles: Readonly<Record<string, number>> = {
  // A list of classes, one for each status of the protocol.
  'packages/protocol/src/errors/kv-errors.ts': 464,
};

/**
 * What an application sees of a class with many methods. However long they are, they read like a table of contents, as
 * each method is one statement, and what it does is elsewhere.
 */
const faces: readonly string[] = [
  'packages/raw/src/bucket/raw-bucket.ts',
  'packages/raw/src/bucket/raw-collection.ts',
  'packages/promise/src/bucket.ts',
  'packages/promise/src/collection.ts',
];

/** Functions over the limit, as `file name`, likewise. */
const longFunctions: Readonly<Record<string, number>> = {};

const typescriptFiles = ['packages', 'test', 'examples', 'bench'].flatMap((directory) =>
  listFiles(directory).filter((file) => file.endsWith('.ts')),
);
const sources = typescriptFiles.filter((file) => /^packages\/[^/]+\/src\//.test(file));

const nothing = /(?!)/;

/** Lines of `files` that match, save those that also match `except`, as `file:line`. */
function matches(files: readonly string[], pattern: RegExp, except: RegExp = nothing): string[] {
  return files.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) && !except.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

interface FunctionSize {
  readonly name: string;
  readonly lines: number;
}

/** Every named function and method of a file with its number of lines. */
function functionSizes(file: string): FunctionSize[] {
  const text = readText(file);
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const sizes: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const [first, last] = [node.getStart(), node.getEnd()].map((at) => parsed.getLineAndCharacterOfPosition(at).line);
      sizes.push({ name: `${file} ${node.name?.getText() ?? '(anonymous)'}`, lines: (last ?? 0) - (first ?? 0) + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return sizes;
}

/** The methods of the classes of a text that have more than one statement; constructors may. */
function longMethods(text: string): string[] {
  const methods: string[] = [];
  const visit = (node: ts.Node): void => {
    const isMethod = ts.isMethodDeclaration(node) || ts.isAccessor(node);
    if (isMethod && (node.body?.statements.length ?? 0) > 1) methods.push(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('face.ts', text, ts.ScriptTarget.Latest, true));
  return methods;
}

/** What is over `limit` and not excepted, what has outgrown its exception, and exceptions that are no longer needed. */
function ratchet(sizes: readonly FunctionSize[], limit: number, excepted: Readonly<Record<string, number>>): string[] {
  const over = sizes.filter(({ name, lines }) => lines > (excepted[name] ?? limit));
  const large = new Set(sizes.filter(({ lines }) => lines > limit).map(({ name }) => name));
  const stale = Object.keys(excepted).filter((name) => !large.has(name));
  return [
    ...over.map(({ name, lines }) => `${name} has ${lines} lines, allowed are ${excepted[name] ?? limit}`),
    ...stale.map((name) => `${name} needs no exception any more`),
  ];
}

test('there are sources to look at', () => {
  expect(sources.length).toBeGreaterThan(20);
});

test(`a source file has at most ${linesMax} lines, save the faces`, () => {
  const others = sources.filter((name) => !faces.includes(name));
  const sizes = others.map((name) => ({ name, lines: readText(name).split('\n').length - 1 }));
  expect(ratchet(sizes, linesMax, longFiles)).toEqual([]);
});

test.each(faces)('each method of %s is one statement', (file) => {
  expect(longMethods(readText(file))).toEqual([]);
});

test('a method of two statements is one too long', () => {
  const text =
    'class A { constructor() { b(); c(); } get d() { e(); return 1; } f() { return g(() => { h(); i(); }); } }';
  expect(longMethods(text)).toEqual(['d']);
});

test(`a function has at most ${functionLinesMax} lines`, () => {
  expect(ratchet(sources.flatMap(functionSizes), functionLinesMax, longFunctions)).toEqual([]);
});

test('the ratchet only turns one way', () => {
  const sizes = [
    { name: 'a', lines: 5 },
    { name: 'b', lines: 20 },
    { name: 'c', lines: 30 },
  ];
  expect(ratchet(sizes, 10, { a: 12, c: 25 })).toEqual([
    'b has 20 lines, allowed are 10',
    'c has 30 lines, allowed are 25',
    'a needs no exception any more',
  ]);
  expect(ratchet(sizes, 10, { b: 20, c: 30 })).toEqual([]);
});

test('file names are in kebab-case', () => {
  const odd = typescriptFiles.filter(
    (file) => !/^[a-z0-9-]+(\.(test|config|d))?\.ts$/.test(file.split('/').at(-1) ?? ''),
  );
  expect(odd).toEqual([]);
});

test('only the entries of a package re-export', () => {
  const entries = packageNames.flatMap((name) =>
    Object.keys(readPackageJson(`packages/${name}`).exports ?? {}).map(
      (entry) => `packages/${name}/src/${entry === '.' ? 'index' : entry.slice(2)}.ts`,
    ),
  );
  expect(sources).toEqual(expect.arrayContaining(entries));
  const others = sources.filter((file) => !entries.includes(file));
  expect(matches(others, /^export .* from '/)).toEqual([]);
});

test('no work is left behind in comments', () => {
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'];
  expect(matches(typescriptFiles, new RegExp(`\\b(${words.join('|')})\\b`))).toEqual([]);
});

test('no check of the compiler is switched off', () => {
  expect(matches(typescriptFiles, /@ts-(ignore|nocheck|expect-error)\b/)).toEqual([]);
});

test('no source writes to the console, except the programs', () => {
  const libraries = sources.filter((file) => !file.startsWith('packages/cli/'));
  expect(matches(libraries, /\bconsole\.\w+\(/, /^ *(\*|\/\/)/)).toEqual([]);
});

test('no test is skipped or runs alone, except for what the machine lacks', () => {
  const tests = typescriptFiles.filter((file) => file.includes('test/'));
  const odd = /\b(test|it|describe)\.(skip|only|todo|failing)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/;
  const conditional = /^(if \(.+\) (test|describe)\.skip\(.*|const \w+ = .+ \? (describe|test) : \3\.skip;)$/;
  expect(matches(tests, odd, conditional)).toEqual([]);
});

test('names say what a thing is', () => {
  const vague = sources.filter((file) => /(manager|helper|util|utils|misc|common)s?\.ts$/.test(file));
  expect(vague).toEqual([]);
  expect(matches(sources, /\b(class|interface|function|type) \w*(Manager|Helper|Utils?)\b/)).toEqual([]);
});
