import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { type PackageJson, packagesBelow } from './repository.js';

/** What there is to import: the files of the repository, and each workspace package by its directory's name. */
export interface Surroundings {
  readonly files: ReadonlySet<string>;
  readonly packages: Readonly<Record<string, PackageJson>>;
}

/** The module specifiers that a source file imports, re-exports or loads dynamically. */
export function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

/** The names that a source file re-exports. */
export function exportedNames(text: string): string[] {
  const { statements } = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    return ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [];
  });
}

/** Whether a module needs the other when it is loaded, or the compiler alone needs it. */
export type ImportKind = 'value' | 'type';

/** The same without what is loaded dynamically; with a kind, only those of it. */
export function staticImportsOf(text: string, kind: ImportKind | 'any' = 'any'): string[] {
  const { statements } = ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    return kind === 'any' || kindOf(statement) === kind ? [moduleSpecifier.text] : [];
  });
}

function kindOf(statement: ts.ImportDeclaration | ts.ExportDeclaration): ImportKind {
  const names = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
  const whole = ts.isImportDeclaration(statement) ? statement.importClause : statement;
  if (whole?.isTypeOnly === true) return 'type';
  if (ts.isImportDeclaration(statement) && statement.importClause?.name !== undefined) return 'value';
  if (names === undefined || !(ts.isNamedImports(names) || ts.isNamedExports(names))) return 'value';
  return names.elements.every(({ isTypeOnly }) => isTypeOnly) ? 'type' : 'value';
}

/** What is wrong with the imports of `path`, a source file of package `owner`, as sentences; empty when nothing is. */
export function importFaults(owner: string, path: string, text: string, around: Surroundings): string[] {
  return importsOf(text).flatMap((specifier) => {
    const fault = faultOf(owner, path, specifier, around);
    return fault === undefined ? [] : [`${path} imports '${specifier}': ${fault}`];
  });
}

function faultOf(owner: string, path: string, specifier: string, around: Surroundings): string | undefined {
  if (specifier.startsWith('.')) return relativeFault(owner, path, specifier, around);
  if (specifier.startsWith('node:')) return owner === 'protocol' ? 'protocol does no I/O' : undefined;
  if (specifier.startsWith('@cb/')) return packageFault(owner, specifier, around);
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  // What is needed for development only becomes part of the built package.
  const { dependencies, devDependencies } = around.packages[owner] ?? {};
  return { ...dependencies, ...devDependencies }[name] === undefined ? 'not among its dependencies' : undefined;
}

function relativeFault(owner: string, path: string, specifier: string, { files }: Surroundings): string | undefined {
  const target = join(dirname(path), specifier);
  if (target === `packages/${owner}/package.json`) return undefined;
  if (!target.startsWith(`packages/${owner}/src/`)) return 'a path out of the package';
  return files.has(target.replace(/\.js$/, '.ts')) ? undefined : 'no such file; relative imports end in .js';
}

function packageFault(owner: string, specifier: string, { packages }: Surroundings): string | undefined {
  const [, name = '', ...rest] = specifier.split('/');
  if (!packagesBelow[owner]?.includes(name)) return `${name} is not below ${owner}`;
  if (packages[owner]?.dependencies?.[`@cb/${name}`] === undefined) return 'not among its dependencies';
  const entry = ['.', ...rest].join('/');
  return packages[name]?.exports?.[entry] === undefined ? `not an entry of ${name}'s exports` : undefined;
}
