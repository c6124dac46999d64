import { FMT_JSON } from '@cb/raw';
import { defaultTranscoder } from '../../packages/raw/src/values/transcoder.js';
import { type Beer, beerAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

const DOCUMENTS = 100;

export async function cases(): Promise<readonly MicroCase[]> {
  const beers = Array.from({ length: DOCUMENTS }, (_none, index) => beerAt(index));
  const texts = beers.map((beer) => JSON.stringify(beer));
  const decode = (bytes: Buffer): number => (defaultTranscoder.decodeValue(bytes, FMT_JSON) as Beer).serial;
  return [
    documentCase('JSON.parse alone, ASCII', texts, (text) => JSON.parse(text).serial),
    documentCase('decode, ASCII', texts.map(inBlock), decode),
    documentCase('decode, one character not ASCII', texts.map(foreign).map(inBlock), decode),
    documentCase('JSON.stringify alone', beers, (beer) => JSON.stringify(beer).length),
    documentCase('encode', beers, (beer) => defaultTranscoder.encodeValue(beer, FMT_JSON).payload.length),
  ];
}

/** The bytes as they arrive: somewhere in a larger block. */
function inBlock(text: string): Buffer {
  const bytes = Buffer.from(text);
  const block = Buffer.alloc(bytes.length + 56);
  bytes.copy(block, 28);
  return block.subarray(28, 28 + bytes.length);
}

/** The last word becomes one that does not fit into Latin-1, so that the whole text takes two bytes a character. */
function foreign(text: string): string {
  return text.replace(/..."\}$/, '\u0142"}');
}

function documentCase<T>(name: string, documents: readonly T[], step: (document: T) => number): MicroCase {
  return {
    name,
    unit: 'document',
    steps: documents.length,
    run() {
      let sum = 0;
      for (const document of documents) sum += step(document);
      return sum;
    },
  };
}
