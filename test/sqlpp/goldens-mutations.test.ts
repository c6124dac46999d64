import { query } from '@cb/sqlpp';
import { sharedData } from '../data/shared-data.js';
import { answerDifference } from './answer-difference.js';
import { type GoldenStatement, readStatements } from './golden-statements.js';
import { catalogOf } from './sorted-keyspaces.js';

const FILE = 'sqlpp/golden-dml.jsonl.gz';
const path = sharedData(FILE);

if (path === undefined) console.warn(`../shared/data/${FILE} is missing: its tests are skipped`);

const suite = path !== undefined ? describe : describe.skip;

/** The store of files has an error of its own for a key that is there. */
const EXISTS_IN_FILES = /^DML Error insert Failed Key Exists Key \(File\) .*\/(.*)\.json$/;

/** Keys that UUID() gives are not the same twice; that of the engine sorts as the lowest one does. */
function withLowestKeys(golden: GoldenStatement): GoldenStatement {
  const lowest = '00000000-0000-4000-8000-000000000000';
  return { ...golden, ...(golden.rows !== undefined && { rows: golden.rows.replace(/[0-9a-f-]{36}/g, lowest) }) };
}

function ofKeys({ errors, ...golden }: GoldenStatement): GoldenStatement {
  if (errors === undefined) return golden;
  const translated = errors.map((error) => {
    const key = EXISTS_IN_FILES.exec(error.msg)?.[1];
    if (key === undefined) return error;
    const msg = `DML Error, possible causes include concurrent modification. Failed to perform INSERT on key ${key}`;
    return { code: 12009, msg };
  });
  return { ...golden, errors: translated };
}

suite('statements that change documents', () => {
  test('answer, one after the other, as those of the real engine', async () => {
    const catalog = catalogOf({ g: [], h: [] });
    const differences: string[] = [];
    for (const golden of readStatements('golden-dml')) {
      const statement = query(golden.q, { catalog, random: () => 0 });
      const difference = await answerDifference(withLowestKeys(ofKeys(golden)), statement);
      if (difference !== undefined) differences.push(`${golden.q}\n  ${difference}`);
    }
    expect(differences).toEqual([]);
  });
});
