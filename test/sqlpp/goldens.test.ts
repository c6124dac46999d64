import { type Catalog, parseJson, query, type Value } from '@cb/sqlpp';
import { sharedData } from '../data/shared-data.js';
import { answerDifference } from './answer-difference.js';
import { readLines, readStatements } from './golden-statements.js';
import { isListed } from './listed-differences.js';
import { catalogOf } from './sorted-keyspaces.js';

const FILE = 'sqlpp/golden-clauses.jsonl.gz';
const path = sharedData(FILE);

if (path === undefined) console.warn(`../shared/data/${FILE} is missing: its tests are skipped`);

const suite = path !== undefined ? describe : describe.skip;

interface StoredDocument {
  readonly keyspace?: string;
  readonly id?: string;
  readonly key?: string;
  readonly doc?: Value;
  readonly value?: Value;
}

function clausesCatalog(): Catalog {
  const keyspaces: Record<string, (readonly [string, Value])[]> = { none: [], g: [], h: [] };
  for (const line of readLines('sqlpp/golden-clauses-data.ndjson.gz')) {
    const { keyspace = '', id = '', doc } = parseJson(line) as unknown as StoredDocument;
    keyspaces[keyspace] ??= [];
    keyspaces[keyspace].push([id, doc]);
  }
  return catalogOf(keyspaces);
}

function beerCatalog(): Catalog {
  const documents = readLines('beer-sample.ndjson.gz').map((line): readonly [string, Value] => {
    const { id, key = id, doc, value = doc } = parseJson(line) as unknown as StoredDocument;
    return [key as string, value];
  });
  return catalogOf({ 'beer-sample': documents });
}

/** The errors are about a keyspace, whatever is in it. */
const contactsCatalog = (): Catalog =>
  catalogOf({ contacts: [['dave', { name: 'dave', type: 'contact' }]], tags: [], orders: [] });

const none = (): Catalog => catalogOf({});

suite('answers are those of the real engine', () => {
  test.each([
    ['golden-functions', none],
    ['golden-operators', none],
    ['golden-dates', none],
    ['golden-order', none],
    ['golden-clauses', clausesCatalog],
    ['golden-beer', beerCatalog],
    ['golden-errors', contactsCatalog],
  ])(
    'to all statements of %s',
    async (name, makeCatalog) => {
      const catalog = makeCatalog();
      const differences: string[] = [];
      for (const golden of readStatements(name)) {
        if (golden.fileStoreOnly === true || isListed(golden.q)) continue;
        const difference = await answerDifference(golden, query(golden.q, { catalog }));
        if (difference !== undefined) differences.push(`${golden.q}\n  ${difference}`);
      }
      expect(differences).toEqual([]);
    },
    300_000,
  );
});
