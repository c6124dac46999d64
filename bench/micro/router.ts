import { type MultiResult, RawBucket, type ValueResult } from '@cb/raw';
import { DOCUMENTS, keyAt, keysAt } from '../src/documents.js';
import { LoopbackIOPS } from './loopback-iops.js';
import type { MicroCase } from './micro-case.js';

const IN_FLIGHT = 256;

interface Document {
  readonly a: number;
}

/** An operation from the call to its callback: bucket, router, pipeline, connection, slots, and all that again on the way back. */
export async function cases(): Promise<readonly MicroCase[]> {
  return [routerCase(1), routerCase(4), routerCase(64), multiCase(4)];
}

function routerCase(nodes: number): MicroCase {
  const { iops, bucket } = connected(nodes);
  let found = 0;
  const onValue = ({ value }: ValueResult<Document>): void => {
    found += value.a;
  };
  return {
    name: `get of 7 bytes and back, ${nodes === 1 ? 'one node' : `${nodes} nodes`}, 256 in flight`,
    unit: 'operation',
    steps: IN_FLIGHT,
    run() {
      found = 0;
      for (let index = 0; index < IN_FLIGHT; index++) {
        bucket.get<Document>(keyAt(index)).setCallbacks(onValue, onError);
      }
      iops.turn();
      return found;
    },
  };
}

function multiCase(nodes: number): MicroCase {
  const { iops, bucket } = connected(nodes);
  let found = 0;
  const onResults = (results: MultiResult<ValueResult<Document>>): void => {
    for (const { value } of results.values()) found += value.a;
  };
  return {
    name: `the same with one call (getMulti), ${nodes} nodes, ${DOCUMENTS} keys`,
    unit: 'key',
    steps: DOCUMENTS,
    run() {
      found = 0;
      bucket.getMulti<Document>(keysAt(0, DOCUMENTS)).setCallbacks(onResults, onError);
      iops.turn();
      return found;
    },
  };
}

function connected(nodes: number): { readonly iops: LoopbackIOPS; readonly bucket: RawBucket } {
  const iops = new LoopbackIOPS();
  const seeds = Array.from({ length: nodes }, (_none, index) => `127.0.0.1:${1000 + index}`);
  const bucket = new RawBucket(`memcached://${seeds.join(',')}`, { iops });
  bucket.connect().setCallbacks(() => {}, onError);
  iops.turn();
  return { iops, bucket };
}

function onError(_result: unknown, _class: unknown, error: Error): void {
  throw error;
}
