import { type Catalog, jsonText, type Query, type QueryOptions, query, type Value } from '@cb/sqlpp';
import { sharedData } from '../data/shared-data.js';
import { effort } from '../effort/effort.js';
import { type Case, casesByFile, DataSets } from './corpus-cases.js';

const isHere = sharedData('sqlpp/sqlpp-cases.jsonl.gz') !== undefined;
const suite = isHere ? describe : describe.skip;

/** Cases that are answered in another way, with the reasons. */
const LISTED: readonly (readonly [id: RegExp, reason: string])[] = [
  [
    /case_merge_simple\.json#1$|subqexp\/case_select\.json#19$/,
    'what changes the documents before is not among the cases',
  ],
  [/case_func_meta\.json#[16]$/, 'META() of a store of files has the key alone'],
  [/case_func_num\.json#39$/, 'numbers of another generator'],
  [/case_innerjoin\.json#9$/, 'rows that are equal in their order come in any'],
];
const LISTED_MAX = 13;

const isListed = ({ id }: Case): boolean => LISTED.some(([pattern]) => pattern.test(id));

const listOf = (names: string | readonly string[] | undefined): readonly string[] =>
  typeof names === 'string' ? [names] : (names ?? []);

function optionsOf({ args, namedArgs, queryParams = {} }: Case, catalog: Catalog): QueryOptions {
  const { query_context: context, preserve_expiry: preserveExpiration } = queryParams;
  const [bucket = '', scope = ''] = typeof context === 'string' ? context.split('.') : [];
  return {
    catalog,
    ...(args !== undefined && { positional: args as Value[] }),
    ...(namedArgs !== undefined && { named: namedArgs as Record<string, Value> }),
    ...(context !== undefined && { context: { bucket, scope } }),
    ...(preserveExpiration === true && { preserveExpiration }),
  };
}

/** Runs a case and tells how its answer differs from what it expects. */
async function differenceOf(each: Case, catalog: Catalog): Promise<string | undefined> {
  const options = optionsOf(each, catalog);
  for (const statement of listOf(each.before)) await query(statement, options).rows();
  const run = query(each.statement, options);
  const rows = await run.rows();
  const expected = each.sameAs === undefined ? each.results : await query(each.sameAs, options).rows();
  const difference = faultDifference(each, run) ?? rowsDifference(each, rows, expected);
  for (const statement of listOf(each.after)) await query(statement, options).rows();
  return difference;
}

function faultDifference({ error, errorCode, warningCode, warning = '' }: Case, run: Query): string | undefined {
  const [fault] = run.errors;
  const isExpected = error !== undefined || errorCode !== undefined;
  const got = JSON.stringify(run.errors);
  if (fault !== undefined && !isExpected) return got;
  if (isExpected && !JSON.stringify(fault ?? {}).includes(error ?? '')) return `${error} <> ${got}`;
  if (errorCode !== undefined && fault?.code !== errorCode) return `${errorCode} <> ${got}`;
  const isWarned = run.warnings.some(({ code, msg }) => code === warningCode && msg.includes(warning));
  return warningCode === undefined || isWarned ? undefined : `${warningCode} <> ${JSON.stringify(run.warnings)}`;
}

function rowsDifference(each: Case, rows: readonly Value[], expected?: readonly unknown[]): string | undefined {
  if (expected === undefined) return undefined;
  const ignored = new Set(listOf(each.ignore));
  const accepted = each.accept === undefined ? undefined : new Set(listOf(each.accept));
  const textOf = (row: unknown): string => JSON.stringify(canonical(kept(row, accepted), ignored));
  const wanted = expected.map(textOf);
  const got = rows.map((row) => textOf(JSON.parse(jsonText(row ?? null))));
  const isSame = each.ordered === true ? sameLists(wanted, got) : sameLists(wanted.sort(), got.sort());
  return isSame ? undefined : `${wanted.join()} <> ${got.join()}`.slice(0, 2000);
}

function sameLists(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, at) => each === right[at]);
}

function kept(row: unknown, names: ReadonlySet<string> | undefined): unknown {
  if (names === undefined || typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
}

function canonical(value: unknown, ignored: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((element) => canonical(element, ignored));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !ignored.has(name));
  return Object.fromEntries(members.sort(byName).map(([name, member]) => [name, canonical(member, ignored)]));
}

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

suite("the engine's own suite", () => {
  const files = isHere ? [...casesByFile()] : [];
  // A part of the files, as far from each other as can be.
  const part = files.filter((_, at) => at % effort(6, 1) === 0);
  let sets: DataSets;
  const shared = new Map<string, Catalog>();

  beforeAll(() => {
    sets = new DataSets();
  });

  /** What a file changes is not seen by others. */
  function catalogOf(cases: readonly Case[]): Catalog {
    const [{ data }] = cases as [Case];
    if (cases.some(({ stateful }) => stateful === true)) return sets.catalog(data);
    const known = shared.get(data) ?? sets.catalog(data);
    shared.set(data, known);
    return known;
  }

  test.each(part)(
    '%s',
    async (_name, cases) => {
      const catalog = catalogOf(cases);
      const differences: string[] = [];
      for (const each of cases) {
        const difference = await differenceOf(each, catalog);
        if (difference === undefined || isListed(each)) continue;
        differences.push(`${each.id} ${each.statement}\n  ${difference}`);
      }
      expect(differences).toEqual([]);
    },
    300_000,
  );

  test('is answered as expected, save for a few cases', () => {
    const listed = files.flatMap(([, cases]) => cases).filter(isListed);
    expect(listed.length).toBeLessThanOrEqual(LISTED_MAX);
  });
});
