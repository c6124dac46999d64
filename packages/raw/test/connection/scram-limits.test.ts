import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { ConnectError, Opcode, type ScramCrypto, ScramServer, Status, scramCredential } from '@cb/protocol';
import { RawBucket, type RawBucketOptions } from '../../src/index.js';
import type { KeyDerivation } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { failure, settled } from '../scripted-bucket.js';
import { type Script, ScriptedNode } from '../scripted-node.js';

const crypto: ScramCrypto = {
  hash: (data) => createHash('sha512').update(data).digest(),
  hmac: (key, data) => createHmac('sha512', key).update(data).digest(),
  pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, 64, 'sha512'),
};

/** A server of SCRAM that asks for so many iterations; for too many it has no credential, as that would take too long. */
function scramScript(iterations: number): Script {
  const salt = Buffer.from('salt');
  const made = iterations > 10_000 ? 1 : iterations;
  const credential = { ...scramCredential(crypto, 'p', salt, made), iterations };
  const servers = new Map<unknown, ScramServer>();
  return (frame, connection) => {
    const value = frame.value.toString();
    if (frame.opcode === Opcode.SaslListMechs) return { status: Status.Success, value: 'SCRAM-SHA512' };
    if (frame.opcode === Opcode.SaslAuth) {
      const server = new ScramServer({ crypto, nonce: 'server', credentialOf: () => credential });
      servers.set(connection, server);
      return { status: Status.AuthContinue, value: server.first(value) };
    }
    if (frame.opcode !== Opcode.SaslStep) return undefined;
    const proof = servers.get(connection)?.final(value);
    return proof === undefined ? { status: Status.AuthError } : { status: Status.Success, value: proof };
  };
}

/** Counts the keys that it derives. */
class CountingIOPS extends NodeIOPS {
  readonly asked: KeyDerivation[] = [];
  derived = 0;

  override deriveKey(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
    this.asked.push(asked);
    super.deriveKey(asked, (error, key) => {
      this.derived++;
      derived(error, key);
    });
  }
}

let node: ScriptedNode;
let bucket: RawBucket;

beforeEach(async () => {
  node = await ScriptedNode.start();
});

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

function make(iterations: number, options: RawBucketOptions = {}, query = ''): RawBucket {
  node.script = scramScript(iterations);
  const url = `couchbase://127.0.0.1:${node.port}/default?${query}`;
  bucket = new RawBucket(url, { username: 'u', password: 'p', ...options });
  return bucket;
}

test.each([1, 100, 3999, 1_000_001, 10_000_000, 4_294_967_295])(
  'a challenge with %d iterations is refused, and nothing is proved',
  async (iterations) => {
    const error = await failure(make(iterations).connect());
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.message).toContain(`${iterations} iterations; 4000 to 1000000 are accepted`);
    expect(error.cause).toMatchObject({ code: 'protocol' });
    expect(node.received).not.toContain(Opcode.SaslStep);
  },
);

test('an option accepts fewer iterations', async () => {
  await settled(make(10, {}, 'sasl_iterations_min=10').connect());
});

test('the event loop turns while a password is salted for long, and the deadline of connecting holds', async () => {
  const iops = new CountingIOPS();
  const error = await failure(make(1_000_000, { connectTimeout: 50, iops }).connect());
  expect(error).toBeInstanceOf(ConnectError);
  expect(error.message).toContain('authenticate');
  expect(iops).toMatchObject({ asked: [{}], derived: 0 });
  // The pool goes on until it is done.
  while (iops.derived === 0) await new Promise(setImmediate);
});

test('a bucket that is closed while its password is salted stays closed', async () => {
  const iops = new CountingIOPS();
  const connecting = failure(make(50_000, { iops }).connect());
  while (iops.asked.length === 0) await new Promise(setImmediate);
  bucket.destroy();
  expect((await connecting).code).toBe('object_destroyed');
  while (iops.derived === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(node.received).not.toContain(Opcode.SaslStep);
});

test('a password is salted once, however often connections are made', async () => {
  const iops = new CountingIOPS();
  await settled(make(4000, { iops, timeout: 60_000 }, 'num_kv_connections=3').connect());
  for (let times = 0; times < 3; times++) {
    for (const connection of node.connections) connection.destroy();
    const ended = (): boolean => bucket.diagnostics().services.kv.every(({ state }) => state !== 'connected');
    while (!ended()) await new Promise(setImmediate);
    await settled(bucket.noop());
  }
  expect(iops.asked).toMatchObject([{ iterations: 4000, hash: 'sha512', bytes: 64 }]);
});

test('an IOPS that cannot salt a password makes the connection fail', async () => {
  class UnableIOPS extends NodeIOPS {
    override deriveKey(_asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
      setImmediate(() => derived(new Error('no more threads'), new Uint8Array()));
    }
  }
  const error = await failure(make(4000, { iops: new UnableIOPS() }).connect());
  expect(error).toBeInstanceOf(ConnectError);
  expect(error.message).toContain('no more threads');
});
