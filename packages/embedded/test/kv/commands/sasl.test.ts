import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { type Frame, Opcode, SASL_MECHANISMS, ScramClient, type ScramCrypto, Status } from '@cb/protocol';
import { Server } from '../conversation.js';

function crypto(hash: string): ScramCrypto {
  return {
    hash: (data) => createHash(hash).update(data).digest(),
    hmac: (key, data) => createHmac(hash, key).update(data).digest(),
    pbkdf2: (password, salt, rounds) => pbkdf2Sync(password, salt, rounds, createHash(hash).digest().length, hash),
  };
}

const MECHANISMS = [
  ['SCRAM-SHA512', 'sha512'],
  ['SCRAM-SHA256', 'sha256'],
  ['SCRAM-SHA1', 'sha1'],
] as const;

function errorOf({ value }: Frame): { context?: string; ref?: string } {
  return JSON.parse(value.toString()).error;
}

test('the mechanisms are offered, the strongest first', () => {
  expect(new Server().connect().one(Opcode.SaslListMechs).value.toString()).toBe(SASL_MECHANISMS.join(' '));
});

/** The answer to a challenge. */
function answered(scram: ScramClient, { value }: Frame, by: ScramCrypto, password: string): string {
  const { salt, iterations } = scram.challenged(value.toString());
  return scram.final(by.pbkdf2(Buffer.from(password), salt, iterations));
}

test.each(MECHANISMS)('%s lets a user in who knows his password, and proves that the server does', (key, hash) => {
  const client = new Server().connect();
  const scram = new ScramClient({
    crypto: crypto(hash),
    nonce: 'a b',
    username: 'Administrator',
    password: 'password',
    iterationsMin: 1,
  });
  const challenge = client.one(Opcode.SaslAuth, { key, value: scram.first() });
  expect(challenge.status).toBe(Status.AuthContinue);
  const final = client.one(Opcode.SaslStep, { key, value: answered(scram, challenge, crypto(hash), 'password') });
  expect(final.status).toBe(Status.Success);
  scram.verify(final.value.toString());
  expect(client.status(Opcode.SelectBucket, { key: 'b' })).toBe(Status.Success);
});

test.each(['Administrator', 'ghost'])('a wrong password of %s is refused only in the end', (username) => {
  const client = new Server().connect();
  const scram = new ScramClient({ crypto: crypto('sha1'), nonce: 'n', username, password: 'wrong', iterationsMin: 1 });
  const challenge = client.one(Opcode.SaslAuth, { key: 'SCRAM-SHA1', value: scram.first() });
  expect(challenge.status).toBe(Status.AuthContinue);
  const final = client.one(Opcode.SaslStep, {
    key: 'SCRAM-SHA1',
    value: answered(scram, challenge, crypto('sha1'), 'wrong'),
  });
  expect(final.status).toBe(Status.AuthError);
  expect(Object.keys(errorOf(final))).toEqual(['ref']);
});

test('PLAIN lets in, and keeps out', () => {
  const client = new Server().connect();
  const plain = (value: string): number => client.status(Opcode.SaslAuth, { key: 'PLAIN', value });
  expect(plain('\0Administrator\0password')).toBe(Status.Success);
  expect(plain('\0Administrator\0wrong')).toBe(Status.AuthError);
  expect(plain('\0ghost\0password')).toBe(Status.AuthError);
  expect(plain('Administrator password')).toBe(Status.Invalid);
});

test('a failure signs out the user that was signed in', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.Noop)).toBe(Status.Success);
  client.one(Opcode.SaslAuth, { key: 'PLAIN', value: '\0Administrator\0wrong' });
  expect(client.status(Opcode.Noop)).toBe(Status.Access);
});

test('signing in again drops the selected bucket', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
  client.one(Opcode.SaslAuth, { key: 'PLAIN', value: '\0Administrator\0password' });
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.NoBucket);
});

test('a user with the name of a bucket has it selected at once', () => {
  const server = new Server();
  server.node.users.set('b', { password: 'x', roles: ['data_reader[b]'] });
  const client = server.connect();
  client.one(Opcode.SaslAuth, { key: 'PLAIN', value: '\0b\0x' });
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
});

test('what does not fit the exchange is refused', () => {
  const client = new Server().connect();
  const mechanism = client.one(Opcode.SaslAuth, { key: 'GSSAPI', value: 'x' });
  expect(mechanism.status).toBe(Status.AuthError);
  expect(errorOf(mechanism).context).toBe('Requested mechanism "GSSAPI" is not supported');
  expect(client.status(Opcode.SaslAuth, { key: 'SCRAM-SHA1', value: 'y,,n=a,r=b' })).toBe(Status.Invalid);
  const step = client.one(Opcode.SaslStep, { key: 'SCRAM-SHA1', value: 'c=biws' });
  expect(step.status).toBe(Status.Invalid);
  expect(errorOf(step).context).toMatch(/SASL START before sending SASL STEP/);
});
