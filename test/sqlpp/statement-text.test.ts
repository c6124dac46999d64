import { StatementError } from '@cb/sqlpp';
import { parseStatement } from '../../packages/sqlpp/src/syntax/statement-parser.js';
import { statementText } from '../../packages/sqlpp/src/syntax/statement-text.js';
import { meaningOf } from '../../packages/sqlpp/test/syntax/tree.js';
import { sharedData } from '../data/shared-data.js';
import { effort } from '../effort/effort.js';
import { readCases } from './corpus-cases.js';
import { type GoldenStatement, readStatements } from './golden-statements.js';

const NAMES = ['functions', 'operators', 'dates', 'order', 'clauses', 'beer', 'dml', 'errors'].map(
  (name) => `golden-${name}`,
);
/** Every so many of the statements are read. */
const STRIDE = effort(5, 1);
const CODE_PARSE = 3000;
const CODE_INVALID = 3083;

const suite = sharedData('sqlpp/golden-clauses.jsonl.gz') !== undefined ? describe : describe.skip;

/** What is wrong with how a statement is read, printed, and read again. */
function faultOf(text: string): string | undefined {
  try {
    const statement = parseStatement(text);
    const printed = statementText(statement);
    const same = JSON.stringify(shown(parseStatement(printed))) === JSON.stringify(shown(statement));
    return same ? undefined : `${text}\n  is printed as ${printed}`;
  } catch (error) {
    return `${text}\n  ${error}`;
  }
}

/** JSON has no integers of 64 bits. */
function shown(statement: unknown): unknown {
  return JSON.parse(
    JSON.stringify(meaningOf(statement), (_name, value: unknown) =>
      typeof value === 'bigint' || value === Infinity ? `${value}` : value,
    ),
  );
}

/** Tells whether the engine could read the statement. */
function isReadable({ errors, syntax }: GoldenStatement): boolean {
  const code = errors?.[0]?.code;
  return syntax !== 'error' && code !== CODE_PARSE && code !== CODE_INVALID;
}

suite('statements that the engine has answered', () => {
  test.each(NAMES)('of %s are read, printed, and read as the same again', (name) => {
    const statements = readStatements(name).filter((_, at) => at % STRIDE === 0);
    const readable = statements.filter(isReadable).map(({ q }) => q);
    expect(readable.flatMap((text) => faultOf(text) ?? [])).toEqual([]);
  });

  test('of its suite are read, printed, and read as the same again', () => {
    const texts = readCases().flatMap(({ statement, error, errorCode }) =>
      errorCode === CODE_PARSE || error?.startsWith('syntax error') ? [] : [statement],
    );
    expect(texts.flatMap((text) => faultOf(text) ?? [])).toEqual([]);
  });

  test.each(NAMES)('of %s that it could not read are faults', (name) => {
    const unreadable = readStatements(name).filter(
      ({ errors }) => errors?.[0]?.msg.startsWith('syntax error') === true,
    );
    for (const { q } of unreadable) expect(() => parseStatement(q)).toThrow(StatementError);
  });
});
