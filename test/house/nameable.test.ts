import ts from 'typescript';
import { readText } from './repository.js';

/** Packages without an inner door, which would have declarations in common with the main entry. */
const packages = ['sqlpp', 'views', 'promise', 'embedded', 'cli'] as const;

/** The types that declarations contain, and those that can be imported from them. */
function typesOf(declarations: string): { declared: string[]; exported: Set<string> } {
  const { statements } = ts.createSourceFile('index.d.cts', declarations, ts.ScriptTarget.Latest);
  const declared = statements.flatMap((statement) => {
    const isType =
      ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement);
    return isType && statement.name !== undefined ? [statement.name.text] : [];
  });
  const exported = statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    return ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [];
  });
  return { declared, exported: new Set(exported) };
}

test.each(packages)('every type that users of %s meet can be imported', (name) => {
  const { declared, exported } = typesOf(readText(`packages/${name}/dist/index.d.cts`));
  expect(declared.length).toBeGreaterThan(0);
  expect(declared.filter((type) => !exported.has(type))).toEqual([]);
});

test('the check finds a type that is declared and not exported', () => {
  const { declared, exported } = typesOf('interface A { b: B } type B = 1; declare class C {} export { type A, C };');
  expect(declared.filter((type) => !exported.has(type))).toEqual(['B']);
});

test('the declarations of embedded show nothing of what services and commands use', () => {
  const declarations = readText('packages/embedded/dist/index.d.cts');
  for (const inner of ['KvSession', 'ServiceHost', 'ManifestEditor', 'BucketViews', 'ClusterPlan', '@internal']) {
    expect(declarations).not.toContain(inner);
  }
});
