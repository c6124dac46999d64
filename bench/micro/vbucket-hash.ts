import { vbucketOf } from '@cb/protocol';
import { keyAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

const KEYS = 256;

export async function cases(): Promise<readonly MicroCase[]> {
  return [
    hashCase('keys of 11 characters', keyAt),
    hashCase('keys of 40 characters', (index) => `${'customer:order:line:item:'.padEnd(29, '-')}${keyAt(index)}`),
    hashCase('keys of 11 characters, one of them not ASCII', (index) => keyAt(index).replace('beer', 'b\u00e4er')),
  ];
}

function hashCase(name: string, key: (index: number) => string): MicroCase {
  const keys = Array.from({ length: KEYS }, (_none, index) => key(index));
  return {
    name,
    unit: 'key',
    steps: KEYS,
    run() {
      let sum = 0;
      for (const one of keys) sum += vbucketOf(one, 1024);
      return sum;
    },
  };
}
