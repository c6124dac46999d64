import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import { CommandFailure } from '../terminal/command-failure.js';
import { JsonText, memberText } from './json-text.js';

/** One line of a file of documents. */
export interface DocumentLine {
  readonly id: string;
  /** The document's text, unchanged. */
  readonly doc: JsonText;
}

/**
 * Reads the documents of a file, a line of JSON for each: `{"id":…,"doc":…}`. The file is gzipped if its name ends in
 * `.gz`. Empty lines and further fields are ignored.
 * @throws CommandFailure naming the invalid line; the system's error when the file cannot be read.
 */
export async function* readDocuments(path: string): AsyncGenerator<DocumentLine> {
  let number = 0;
  try {
    for await (const line of linesOf(openText(path))) {
      number++;
      if (line.trim() !== '') yield parseDocument(line);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isZlibError(error)) throw error;
    throw new CommandFailure(`${path}, line ${number}: ${error.message}`);
  }
}

function openText(path: string): Readable {
  const bytes = createReadStream(path);
  // The generator that reads the last stream gets the errors of both.
  const text = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  return text.setEncoding('utf8');
}

async function* linesOf(text: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function parseDocument(line: string): DocumentLine {
  const parsed: unknown = JSON.parse(line);
  const doc = isDocument(parsed) ? memberText(line, 'doc') : undefined;
  if (isDocument(parsed) && doc !== undefined) return { id: parsed.id, doc: new JsonText(doc) };
  throw new SyntaxError('this is not {"id": a string, "doc": any JSON}');
}

function isDocument(parsed: unknown): parsed is { readonly id: string } {
  return (
    typeof parsed === 'object' && parsed !== null && 'doc' in parsed && 'id' in parsed && typeof parsed.id === 'string'
  );
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'code' in error && String(error.code).startsWith('Z_');
}
