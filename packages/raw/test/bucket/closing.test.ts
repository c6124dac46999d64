import { Opcode } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import { settled } from '../scripted-bucket.js';
import { ScriptedNode } from '../scripted-node.js';

test('a bucket that closes asks nothing for itself any more: it would wait for that too', async () => {
  await using node = await ScriptedNode.start(({ opcode }) => (opcode === Opcode.Get ? 'silence' : undefined));
  const beating = `${node.connectionString}&config_poll_interval=50`;
  const bucket = new RawBucket(beating, { username: 'u', password: 'p', timeout: 1000 });
  await settled(bucket.connect());
  const beats = (): number => node.received.filter((opcode) => opcode === Opcode.GetClusterConfig).length;
  const first = beats();
  while (beats() === first) await new Promise((resolve) => setTimeout(resolve, 10));
  const read = settled(bucket.get('k'));
  await settled(bucket.noop());
  const before = beats();
  await settled(bucket.close());
  await expect(read).rejects.toMatchObject({ code: 'timeout' });
  // One may have been on its way.
  expect(beats() - before).toBeLessThan(2);
});
