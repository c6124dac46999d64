import { defaultTranscoder } from '@cb/raw';
import type { AnswerHead } from '../../src/http/exchange.js';
import { RowReader, type RowReceiver } from '../../src/rows/row-reader.js';

const HEAD: AnswerHead = { status: 200, headers: {}, node: 'node:8092', path: '/' };
const FLOW = { pause: () => {}, resume: () => {} };

/** Takes what a reader passes on. */
class Taker implements RowReceiver {
  readonly batches: unknown[][] = [];
  readonly errors: Error[] = [];

  answerBegins(): void {}
  bytesArrived(): void {}

  rowsArrived(rows: unknown[]): void {
    this.batches.push(rows);
  }

  answerBroken(error: Error): void {
    this.errors.push(error);
  }

  get hasDelivered(): boolean {
    return this.batches.length > 0;
  }

  get rowsReturned(): number {
    return this.batches.flat().length;
  }
}

function reading(): { readonly taker: Taker; readonly reader: RowReader } {
  const taker = new Taker();
  const reader = new RowReader('rows', taker, defaultTranscoder);
  reader.begin(HEAD, FLOW);
  return { taker, reader };
}

test('rows that came with the break of an answer are delivered before it, and make it final', async () => {
  const { taker, reader } = reading();
  reader.chunk(Buffer.from('{"rows":[{"id":"a"},{"id":"b"},{"i'));
  expect(reader.broke()).toBe(true);
  expect(taker.batches).toEqual([[{ id: 'a' }, { id: 'b' }]]);
  await new Promise(setImmediate);
  expect(taker.batches).toHaveLength(1);
});

test('an answer that broke before its first row delivers nothing, also later', async () => {
  const { taker, reader } = reading();
  reader.chunk(Buffer.from('{"rows":[{"i'));
  expect(reader.broke()).toBe(false);
  reader.begin(HEAD, FLOW);
  reader.chunk(Buffer.from('{"rows":[{"id":"c"}]}'));
  await new Promise(setImmediate);
  expect(taker.batches).toEqual([[{ id: 'c' }]]);
});

test('a malformed answer that broke is told of as malformed', () => {
  const { taker, reader } = reading();
  reader.chunk(Buffer.from('nothing'));
  expect(reader.broke()).toBe(false);
  expect(taker.errors).toHaveLength(1);
});
