import fc from 'fast-check';
import { effort } from '../../../../test/effort/effort.js';
import { parseStatement } from '../../src/syntax/statement-parser.js';
import { statementText } from '../../src/syntax/statement-text.js';
import { statements } from './statement-arbitraries.js';
import { meaningOf } from './tree.js';

describe('the text of a statement', () => {
  test('is read as the same statement', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        expect(meaningOf(parseStatement(statementText(statement)))).toEqual(meaningOf(statement));
      }),
      { seed: 2026, numRuns: effort(500, 20_000) },
    );
  });

  test.each([
    ['select a,(b),(c.d).e from t', 'SELECT `a`, (`b`), (`c`.`d`).`e` FROM `t`'],
    ['select -(1+2)*3 not in [4]', 'SELECT ((-(1 + 2)) * 3) not in [4]'],
    ['select /*+ INDEX(t i) */ 1', 'SELECT /*+ INDEX(t i) */ 1'],
    ["select 'it''s', `a``b`, {\"x\": 1}, Count(*)", 'SELECT "it\'s", `a``b`, {"x": 1}, Count(*)'],
    ['(select 1) union all select 2 order by 1', '(SELECT 1) UNION ALL SELECT 2 ORDER BY 1'],
    [
      'explain delete from t where a is not missing limit 1',
      'EXPLAIN DELETE FROM `t` WHERE `a` IS NOT missing LIMIT 1',
    ],
    ['start  transaction', 'start  transaction'],
  ])('of %s is %s', (written, printed) => {
    expect(statementText(parseStatement(written))).toBe(printed);
  });
});
