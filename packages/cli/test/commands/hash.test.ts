import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

// The CRC-32 of "foo" is 0x8c736521: its upper half without the sign bit is 0x0c73, which is 115 modulo 1024.
test('shows the vbucket of every key', async () => {
  const terminal = new RecordingTerminal();
  expect(await main(['hash', 'foo', 'foo'], terminal)).toBe(0);
  expect(terminal.printed).toBe('foo: vbucket 115\nfoo: vbucket 115\n');
});

test('takes any number of vbuckets, and prints JSON', async () => {
  const terminal = new RecordingTerminal();
  expect(await main(['hash', '--json', '--vbuckets', '64', 'foo'], terminal)).toBe(0);
  expect(terminal.printed).toBe('{"id":"foo","vbucket":51}\n');
});
