import { RowScanner } from '../../packages/views/src/rows/row-scanner.js';
import { beerAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

const ROWS = 4000;
const CHUNK_BYTES = 65_536;

export async function cases(): Promise<readonly MicroCase[]> {
  const keys = answer((index) => ({ id: `beer-${index}`, key: ['brewery', `beer-${index}`], value: null }));
  const documents = answer((index) => ({ id: `beer-${index}`, key: index, value: beerAt(index) }));
  const foreign = answer((index) => ({ id: `piwo-${index}`, key: ['Łódź', index], value: null }));
  const scan = (chunks: readonly Buffer[]): number => {
    const scanner = new RowScanner('rows');
    let count = 0;
    for (const chunk of chunks) {
      scanner.push(chunk);
      count += scanner.take().length;
    }
    return count;
  };
  return [
    rowsCase('keys, JSON.parse of the whole body', keys, CHUNK_BYTES, parseWhole),
    rowsCase('keys, in chunks of 64 KiB', keys, CHUNK_BYTES, scan),
    rowsCase('keys, in chunks of 1,000 bytes', keys, 1000, scan),
    rowsCase('documents of 1 KB, JSON.parse of the whole body', documents, CHUNK_BYTES, parseWhole),
    rowsCase('documents of 1 KB, in chunks of 64 KiB', documents, CHUNK_BYTES, scan),
    rowsCase('keys that are not ASCII, in chunks of 64 KiB', foreign, CHUNK_BYTES, scan),
  ];
}

/** What an application does that waits for the whole answer. */
function parseWhole(chunks: readonly Buffer[]): number {
  return JSON.parse(Buffer.concat(chunks).toString('utf8')).rows.length;
}

function answer(row: (index: number) => object): Buffer {
  const rows = Array.from({ length: ROWS }, (_none, index) => JSON.stringify(row(index)));
  return Buffer.from(`{"total_rows":${ROWS},"rows":[\r\n${rows.join(',\r\n')}\r\n]\r\n}`);
}

function rowsCase(
  name: string,
  body: Buffer,
  chunkBytes: number,
  run: (chunks: readonly Buffer[]) => number,
): MicroCase {
  const count = Math.ceil(body.length / chunkBytes);
  const chunks = Array.from({ length: count }, (_none, index) =>
    body.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return { name, unit: 'row', steps: ROWS, run: () => run(chunks) };
}
