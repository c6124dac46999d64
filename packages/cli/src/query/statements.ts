/** Whole tokens in which a semicolon separates nothing: quoted text, names in backticks, and comments. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|["'`]|\/\*|;/g;
/** The beginning of a token that has no end. */
const OPEN = /^(?:["'`]|\/\*)$/;
const COMMENTS_AND_SPACE = /--[^\n]*|\/\*[\s\S]*?\*\/|\s+/g;

/** The statements in a text that is separated by semicolons. */
export interface SplitText {
  /** The complete statements, without their semicolons and the space around them. */
  readonly statements: readonly string[];
  /** What follows the last semicolon; empty when that is space and comments only. */
  readonly rest: string;
}

/** Splits a text at its semicolons. Those in quotes, in names and in comments separate nothing. */
export function splitStatements(text: string): SplitText {
  const statements: string[] = [];
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (OPEN.test(token)) break;
    if (token !== ';') continue;
    statements.push(text.slice(from, index).trim());
    from = index + 1;
  }
  const rest = text.slice(from);
  return { statements: statements.filter(saysSomething), rest: saysSomething(rest) ? rest : '' };
}

/** Returns all statements of a text; the last one need not have a semicolon. */
export function allStatements(text: string): readonly string[] {
  const { statements, rest } = splitStatements(text);
  return rest === '' ? statements : [...statements, rest.trim()];
}

function saysSomething(text: string): boolean {
  return text.replace(COMMENTS_AND_SPACE, '') !== '';
}
