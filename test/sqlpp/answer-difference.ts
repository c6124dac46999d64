import { jsonText, type Query, type Value } from '@cb/sqlpp';
import type { GoldenStatement } from './golden-statements.js';
import { hasUnorderedElements } from './listed-differences.js';

const CODE_PARSE = 3000;
const CODE_INVALID = 3083;

/** Runs a statement and tells how its answer differs from the golden one; undefined if it does not. */
export async function answerDifference(golden: GoldenStatement, query: Query): Promise<string | undefined> {
  // What is known of syntax alone was never run.
  if (golden.syntaxOnly === true) return syntaxDifference(golden, query);
  const rows = await query.rows();
  const expected = golden.errors?.[0];
  const [error] = query.errors;
  if (expected !== undefined) {
    const wanted = `${expected.code} ${expected.msg} at ${expected.line}:${expected.column}`;
    const got = `${error?.code} ${error?.msg} at ${error?.line}:${error?.column}`;
    if (wanted !== got) return `${wanted} <> ${got}`;
    return golden.rows === undefined ? undefined : rowsDifference(golden, rows);
  }
  if (error !== undefined) return `no error <> ${error.code} ${error.msg}`;
  return rowsDifference(golden, rows) ?? signatureDifference(golden, query) ?? warningDifference(golden, query);
}

function rowsDifference(golden: GoldenStatement, rows: readonly Value[]): string | undefined {
  const text = `[${rows.map((row) => jsonText(row ?? null)).join()}]`;
  const isOrdered = golden.ordered ?? /order\s+by/i.test(golden.q);
  const canonicalText = hasUnorderedElements(golden.q) ? sortedElements : canonical;
  const rowsOf = (json: string): string => canonicalRows(json, isOrdered, canonicalText);
  const isSame = rowsOf(text) === rowsOf(golden.rows ?? '[]');
  return isSame ? undefined : `${golden.rows} <> ${text}`;
}

function syntaxDifference({ syntax }: GoldenStatement, { errors }: Query): string | undefined {
  const isFault = errors.some(({ code }) => code === CODE_PARSE || code === CODE_INVALID);
  return isFault === (syntax === 'error') ? undefined : `syntax ${syntax} <> ${JSON.stringify(errors[0])}`;
}

function signatureDifference({ signature }: GoldenStatement, query: Query): string | undefined {
  if (signature === undefined) return undefined;
  const [wanted, got] = [canonical(signature), canonical(query.signature)];
  return JSON.stringify(wanted) === JSON.stringify(got)
    ? undefined
    : `${JSON.stringify(wanted)} <> ${JSON.stringify(got)}`;
}

function warningDifference({ warnings = [] }: GoldenStatement, query: Query): string | undefined {
  const shown = (list: readonly { readonly code: number; readonly msg: string }[]): string =>
    list.map(({ code, msg }) => `${code} ${msg}`).join('; ');
  return shown(warnings) === shown(query.warnings) ? undefined : `${shown(warnings)} <> ${shown(query.warnings)}`;
}

function canonicalRows(text: string, isOrdered: boolean, form: (row: unknown) => unknown): string {
  const rows = (JSON.parse(text) as unknown[]).map((row) => JSON.stringify(form(row)));
  return (isOrdered ? rows : rows.sort()).join('\n');
}

/** The canonical form of a row, the arrays that are its members in an order of their own. */
function sortedElements(row: unknown): unknown {
  const members = Object.entries(canonical(row) as Record<string, unknown>);
  const sorted = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((element) => JSON.stringify(element)).sort() : value;
  return Object.fromEntries(members.map(([name, value]) => [name, sorted(value)]));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, canonical((value as Record<string, unknown>)[name])]));
}
