import { ArgumentError } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import type { IOPS } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { settled } from '../scripted-bucket.js';

const SEED = 'couchbase://127.0.0.1:1/default';

function make(iops: unknown, connectionString = SEED): RawBucket {
  return new RawBucket(connectionString, { iops: iops as IOPS });
}

test.each([
  ['nothing at all', {}, 'updateEvent, and the method updateTimer, and the method startWatching'],
  ['null', null, 'iops must be an object with the methods of IOPS'],
  ['a class instead of an instance', NodeIOPS, 'iops must be an object'],
  ['all but a clock', { ...methods(), now: undefined }, 'iops must have the method now'],
  ['a number as randomBytes', { ...methods(), randomBytes: 4 }, 'iops must have the method randomBytes'],
  [
    'a name server that cannot be called',
    { ...methods(), resolveSrv: 'dns' },
    'iops.resolveSrv must be a method, or absent',
  ],
])('an IOPS that is %s is refused when the bucket is made', (_what, iops, message) => {
  expect(() => make(iops)).toThrow(ArgumentError);
  expect(() => make(iops)).toThrow(message);
});

test('an IOPS belongs to one bucket until that is closed', async () => {
  const iops = new NodeIOPS();
  const first = make(iops);
  expect(() => make(iops)).toThrow(ArgumentError);
  expect(() => make(iops)).toThrow('in use by another bucket');
  await settled(first.close());
  const second = make(iops);
  second.destroy();
  make(iops).destroy();
});

test('a bucket that could not be made leaves the IOPS free', () => {
  const iops = new NodeIOPS();
  expect(() => make(iops, 'couchbase://127.0.0.1:1')).toThrow('bucket is missing');
  make(iops).destroy();
});

/** The methods that every IOPS must have, as properties. */
function methods(): Record<string, unknown> {
  const iops = new NodeIOPS();
  const names = Object.getOwnPropertyNames(NodeIOPS.prototype) as (keyof NodeIOPS)[];
  return Object.fromEntries(names.map((name) => [name, iops[name]]));
}
