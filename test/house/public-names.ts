import ts from 'typescript';
import { packageNames, readPackageJson, repositoryRoot } from './repository.js';

/**
 * The names that users of a package import from another one: those of views have a `RawBucket`, and an IOPS is written
 * with the classes of @cb/raw.
 */
const companions: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  views: { raw: /^/ },
  promise: { raw: /^IOPS$/ },
};

/** What applications see of the packages, as the compiler does. */
export class PublicNames {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  /** By package, what its entries export; `internal` is not one of them. */
  readonly exported = new Map<string, ReadonlySet<ts.Symbol>>();

  constructor() {
    const entries = new Map(packageNames.map((name) => [name, entriesOf(name)]));
    const { config } = ts.readConfigFile(`${repositoryRoot}/tsconfig.json`, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repositoryRoot);
    this.#program = ts.createProgram([...entries.values()].flat(), options);
    this.#checker = this.#program.getTypeChecker();
    for (const [name, files] of entries)
      this.exported.set(name, new Set(files.flatMap((file) => this.#exportsOf(file))));
  }

  /**
   * Types that an exported declaration of a package mentions and that applications cannot import from it, nor from its
   * companions, as `Name (in where)`.
   */
  unnameable(name: string): string[] {
    const all = new Set(this.exported.get(name)!);
    for (const [other, pattern] of Object.entries(companions[name] ?? {})) {
      for (const symbol of this.exported.get(other)!) if (pattern.test(symbol.name)) all.add(symbol);
    }
    const found = new Set<string>();
    for (const symbol of this.exported.get(name)!) {
      for (const declaration of symbol.declarations ?? []) {
        for (const type of this.#mentioned(declaration)) {
          if (!all.has(type)) found.add(`${type.name} (in ${symbol.name})`);
        }
      }
    }
    return [...found].sort();
  }

  /** Exported names, and public members of exported classes and interfaces, that have no text, as `Name` or `Name.member`. */
  undocumented(name: string): string[] {
    const found: string[] = [];
    for (const symbol of this.exported.get(name)!) {
      if (!this.#isDocumented(symbol)) found.push(symbol.name);
      for (const declaration of symbol.declarations ?? []) {
        if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) continue;
        for (const member of declaration.members) {
          if (isHidden(member) || member.name === undefined) continue;
          const own = this.#checker.getSymbolAtLocation(member.name);
          const isSeen = own === undefined || this.#isDocumented(own) || this.#inheritsText(declaration, own.name);
          if (!isSeen) found.push(`${symbol.name}.${member.name.getText()}`);
        }
      }
    }
    return [...new Set(found)].sort();
  }

  #exportsOf(file: string): ts.Symbol[] {
    const module = this.#checker.getSymbolAtLocation(this.#program.getSourceFile(file)!);
    return this.#checker.getExportsOfModule(module!).map((symbol) => this.#target(symbol));
  }

  #target(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #isDocumented(symbol: ts.Symbol): boolean {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)) !== '';
  }

  /** Whether a class or an interface above says what a member is. */
  #inheritsText(declaration: ts.ClassDeclaration | ts.InterfaceDeclaration, member: string): boolean {
    const above = (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    return above.some((type) => {
      const property = this.#checker.getTypeAtLocation(type).getProperty(member);
      return property !== undefined && this.#isDocumented(property);
    });
  }

  /** The types of our own that are seen in a declaration: not in bodies, nor in what is private. */
  #mentioned(declaration: ts.Node): ts.Symbol[] {
    const found: ts.Symbol[] = [];
    const visit = (node: ts.Node): void => {
      if (isHidden(node) || ts.isBlock(node)) return;
      const name = ts.isTypeReferenceNode(node)
        ? node.typeName
        : ts.isExpressionWithTypeArguments(node)
          ? node.expression
          : undefined;
      const symbol = name === undefined ? undefined : this.#checker.getSymbolAtLocation(name);
      if (symbol !== undefined && isOurs(this.#target(symbol))) found.push(this.#target(symbol));
      if (ts.isVariableDeclaration(node) && node.type !== undefined) ts.forEachChild(node.type, visit);
      else if (!ts.isExpression(node) || ts.isExpressionWithTypeArguments(node)) ts.forEachChild(node, visit);
    };
    visit(declaration);
    return found;
  }
}

function entriesOf(name: string): string[] {
  return Object.keys(readPackageJson(`packages/${name}`).exports ?? {})
    .filter((entry) => entry !== './internal')
    .map((entry) => `${repositoryRoot}/packages/${name}/src/${entry === '.' ? 'index' : entry.slice(2)}.ts`);
}

function isOurs(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return false;
  return declaration.getSourceFile().fileName.startsWith(`${repositoryRoot}/packages/`);
}

/** What no application sees: private names, and what is marked as internal. */
function isHidden(node: ts.Node): boolean {
  if (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  if (ts.isClassStaticBlockDeclaration(node)) return true;
  if (ts.canHaveModifiers(node)) {
    if ((ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Private) !== 0) return true;
  }
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}
