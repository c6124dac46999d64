import { ObjectDestroyedError, ProtocolError } from '@cb/protocol';
import { compress } from 'snappyjs';
import { RawBucket } from '../../src/index.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { inflate, loadSnappy } from '../../src/values/compression.js';

const content = Buffer.from('{"name":"Hoppy"}'.repeat(10));
const block = Buffer.from(compress(content));

// The codec stays loaded, so what is the case without it comes first.
test('a compressed value that nobody asked for is refused', () => {
  expect(() => inflate(block)).toThrow(ProtocolError);
  expect(() => inflate(block)).toThrow('compression was not agreed on');
});

test('a bucket that is destroyed while the codec is loaded connects to nothing', async () => {
  let sockets = 0;
  class CountingIOPS extends NodeIOPS {
    override openSocket(...given: Parameters<NodeIOPS['openSocket']>): ReturnType<NodeIOPS['openSocket']> {
      sockets++;
      return super.openSocket(...given);
    }
  }
  const bucket = new RawBucket('couchbase://127.0.0.1:1/b?enable_compression=true', { iops: new CountingIOPS() });
  const failure = new Promise<Error>((resolve, reject) => {
    bucket.connect().setCallbacks(reject, (_result, _errorClass, error) => resolve(error));
  });
  expect(bucket.state).toBe('connecting');
  bucket.destroy();
  expect(await failure).toBeInstanceOf(ObjectDestroyedError);
  await loadSnappy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(sockets).toBe(0);
});

test('once it is loaded, values are inflated', async () => {
  await loadSnappy();
  expect(inflate(block)).toEqual(content);
});
