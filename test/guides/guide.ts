import { dirname, join } from 'node:path';
import { formatWithOptions } from 'node:util';
import ts from 'typescript';
import { readText, repositoryRoot } from '../house/repository.js';

/** A program of a guide: a snippet that starts a cluster, or any other after the first one, which it goes on from. */
export interface Program {
  /** The heading that it stands under, and which one it is there. */
  readonly name: string;
  readonly text: string;
  /** What it says that it prints, line by line. */
  readonly prints: readonly string[];
}

/** The programs of a guide, `docs/guides/<name>.md`. */
export function programsOf(name: string): Program[] {
  const programs: Program[] = [];
  let frame = '';
  for (const section of readText(`docs/guides/${name}.md`).split(/^#+ /m).slice(1)) {
    const heading = section.slice(0, section.indexOf('\n'));
    for (const [index, [, snippet = '']] of [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].entries()) {
      const before = snippet.includes('EmbeddedCluster.start(') ? '' : frame;
      programs.push({
        name: `${heading}, ${index + 1}`,
        text: joined(before, snippet),
        prints: promised(before + snippet),
      });
      if (frame === '') frame = snippet;
    }
  }
  return programs;
}

/** The imports of both before the rest of both. */
function joined(frame: string, snippet: string): string {
  const lines = `${frame}\n${snippet}`.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [...lines.filter(isImport), ...lines.filter((line) => !isImport(line))].join('\n');
}

/** What stands behind each call of `console.log`; in a loop, what the rounds print has commas between. */
function promised(snippet: string): string[] {
  const lines = snippet.split('\n').filter((line) => /\bconsole\.log\(/.test(line));
  return lines.flatMap((line) => {
    const text = / \/\/ (.*)$/.exec(line)?.[1] ?? 'console.log without its output';
    return /^\s*for /.test(line) ? text.split(', ') : [text];
  });
}

/** What the compiler has to say of programs, under the settings of the tests; empty when nothing. */
export function typeErrors(programs: readonly Program[]): string[] {
  const path = join(repositoryRoot, 'tsconfig.json');
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, dirname(path));
  const texts = new Map(programs.map(({ text }, index) => [join(repositoryRoot, `test/program-${index}.ts`), text]));
  // Examples may name what they do not go on to use.
  const options = { ...config.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0]);
  };
  const checked = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file, index) =>
    [
      ...checked.getSyntacticDiagnostics(checked.getSourceFile(file)),
      ...checked.getSemanticDiagnostics(checked.getSourceFile(file)),
    ].map(({ messageText }) => `${programs[index]!.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

/** Runs a program, and gives what it prints. */
export async function run({ text }: Program): Promise<string[]> {
  const imports = text.match(/^import .*$/gm) ?? [];
  const body = text.replace(/^import .*$/gm, '');
  const source = `${imports.join('\n')}\nexport async function main(console) {\n${body}\n}`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const exported: { main?: (console: object) => Promise<void> } = {};
  new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), exported);
  await exported.main!({
    log: (...values: unknown[]) =>
      printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values)),
  });
  return printed;
}
