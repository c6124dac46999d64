import { RawBucket, type ValueResult } from '@cb/raw';
import { keyAt } from '../src/documents.js';
import { LoopbackIOPS } from './loopback-iops.js';
import type { MicroCase } from './micro-case.js';

const IN_FLIGHT = 256;

/** An operation from the call to its callback: bucket, router, pipeline, connection, slots, and all that again on the way back. */
export async function cases(): Promise<readonly MicroCase[]> {
  return [routerCase(1), routerCase(4), routerCase(64)];
}

function routerCase(nodes: number): MicroCase {
  const iops = new LoopbackIOPS();
  const seeds = Array.from({ length: nodes }, (_none, index) => `127.0.0.1:${1000 + index}`);
  const bucket = new RawBucket(`memcached://${seeds.join(',')}`, { iops });
  let found = 0;
  const onValue = ({ value }: ValueResult<{ readonly a: number }>): void => {
    found += value.a;
  };
  const onError = (_result: unknown, _class: unknown, error: Error): void => {
    throw error;
  };
  bucket.connect().setCallbacks(() => {}, onError);
  iops.turn();
  return {
    name: `get of 7 bytes and back, ${nodes === 1 ? 'one node' : `${nodes} nodes`}, 256 in flight`,
    unit: 'operation',
    steps: IN_FLIGHT,
    run() {
      found = 0;
      for (let index = 0; index < IN_FLIGHT; index++) {
        bucket.get<{ readonly a: number }>(keyAt(index)).setCallbacks(onValue, onError);
      }
      iops.turn();
      return found;
    },
  };
}
