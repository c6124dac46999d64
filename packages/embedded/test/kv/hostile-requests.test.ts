import { Feature, Opcode, Status } from '@cb/protocol';
import * as fc from 'fast-check';
import { COMMANDS } from '../../src/kv/registry.js';
import { Server } from './conversation.js';

/** All that changes how requests are read. */
const FEATURE_SETS: [name: string, features: number[]][] = [
  ['no features', []],
  ['JSON', [Feature.Xerror, Feature.Json]],
  ['everything', [Feature.Xerror, Feature.Json, Feature.Snappy, Feature.Xattr, Feature.Collections]],
];

/** Those that end the conversation, whatever comes with them. */
const FINAL: readonly number[] = [
  Opcode.Quit,
  Opcode.QuitQ,
  Opcode.DeleteBucket,
  Opcode.SaslAuth,
  Opcode.DropPrivilege,
];

const opcodes = COMMANDS.flatMap((command) =>
  command === undefined || FINAL.includes(command.opcode) ? [] : [command.opcode],
);

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const requests = fc.record({
  opcode: fc.constantFrom(...opcodes),
  // Lengths that commands have are likelier to get past the first check.
  extras: fc.oneof(
    bytes(32),
    fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 20, 24).map((length) => Buffer.alloc(length, 1)),
  ),
  key: fc.oneof(bytes(12), fc.constantFrom(Buffer.from('k'), Buffer.from('\0k'))),
  value: fc.oneof(
    bytes(64),
    fc.json().map((text) => Buffer.from(text)),
  ),
  framing: fc.oneof(fc.constant(Buffer.alloc(0)), bytes(6)),
  datatype: fc.constantFrom(0, 1, 2, 3, 4, 7),
  vbucket: fc.constantFrom(0, 0, 0, 1, 0xffff),
  cas: fc.constantFrom(0n, 1n),
});

test.each(FEATURE_SETS)('no request breaks the server: %s', (_name, features) => {
  fc.assert(
    fc.property(fc.array(requests, { minLength: 1, maxLength: 20 }), (sequence) => {
      const server = new Server();
      const client = server.connect(features);
      client.set('k', '{"a":1}');
      for (const { opcode, ...parts } of sequence) {
        for (const answer of client.ask(opcode, parts)) expect(answer.isConsistent).toBe(true);
      }
      // A second client is served, whatever became of the first one, as long as the vbucket is still there.
      const status = server.connect().status(Opcode.Noop);
      expect(status).toBe(Status.Success);
      server.bucket.stop();
    }),
    { numRuns: 150 },
  );
});

test('a key of the documents is what it was after a request that is refused', () => {
  const server = new Server();
  const client = server.connect();
  client.set('k', '{"a":1}');
  client.ask(Opcode.Set, { key: 'k', value: '2' });
  expect(client.get('k').value.toString()).toBe('{"a":1}');
});
