import { type CouchbaseError, N1QLError, type QueryFailure } from '@cb/promise';
import { visibleText } from './text-width.js';

/** The position in the text, for errors that do not have it as members. */
const POSITION = /\bline (\d+), column (\d+)/;
const TAB = /\t/g;

/** Returns the lines that tell how a statement failed: each reason, with its place in the statement below it. */
export function failureLines(statement: string, error: CouchbaseError): string[] {
  if (!(error instanceof N1QLError) || error.failures.length === 0) return [error.message];
  return error.failures.flatMap((failure) => [
    `error ${failure.code}: ${visibleText(failure.message)}`,
    ...markLines(statement, failure),
  ]);
}

/** Returns the line of a statement that a failure is about, and a mark below the place; nothing when that is unknown. */
export function markLines(statement: string, { message, line, column }: QueryFailure): string[] {
  const found = POSITION.exec(message);
  const row = line ?? Number(found?.[1]);
  const place = column ?? Number(found?.[2]);
  const text = statement.split('\n')[row - 1];
  if (text === undefined || !(place >= 1) || place > text.length + 1) return [];
  // Columns are counted in characters, and a tab takes one space here.
  const before = [...text].slice(0, place - 1).length;
  return [`  ${visibleText(text.replace(TAB, ' ').trimEnd())}`, `  ${' '.repeat(before)}^`];
}
