import fc from 'fast-check';
import { ArgumentError, ProtocolError } from '../src/errors/client-errors.js';
import { AuthError } from '../src/errors/kv-errors.js';
import { type ScramCrypto, type ScramMechanism, scramCredential } from '../src/scram.js';
import { ScramClient } from '../src/scram-client.js';
import { ScramServer } from '../src/scram-server.js';
import { scramCrypto } from './scram-crypto.js';

interface Exchange {
  readonly source: string;
  readonly mechanism: ScramMechanism;
  readonly username: string;
  readonly password: string;
  readonly clientNonce: string;
  readonly serverNonce: string;
  readonly salt: string;
  readonly iterations: number;
  readonly proof: string;
  readonly signature: string;
}

const EXCHANGES: Exchange[] = [
  {
    source: 'RFC 5802, section 5',
    mechanism: 'SCRAM-SHA1',
    username: 'user',
    password: 'pencil',
    clientNonce: 'fyko+d2lbbFgONRv9qkxdawL',
    serverNonce: '3rfcNHYJY1ZVvWVs7j',
    salt: 'QSXCR+Q6sek8bf92',
    iterations: 4096,
    proof: 'v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    signature: 'rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    source: 'RFC 7677, section 3',
    mechanism: 'SCRAM-SHA256',
    username: 'user',
    password: 'pencil',
    clientNonce: 'rOprNGfwEbeRWgbNEkqO',
    serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
    salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
    iterations: 4096,
    proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    signature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
  {
    source: 'a 7.2.4 server',
    mechanism: 'SCRAM-SHA512',
    username: 'Administrator',
    password: 'password',
    clientNonce: 'Z29sZGVuLWNsaWVudC1ub25jZQ==',
    serverNonce: '81d566a227fad564',
    salt: '67mXmg3O3YpIYqn7eFIYwY+jwiwfRhiYr5jllv7bAKSd9lxYOB6Ty7LpsOG64bkKwNaXTl5GgeJPn7eXzaSz3Q==',
    iterations: 4000,
    proof: '3yVQw+49sMtAC3zytZG45IEbeua/Cbh71+PK7hwU8fYIXWqcyFibC4BkcaNp7aqwEI1q0HLBVOzJhNEDu14N/A==',
    signature: 'uWyZTa0JbPTjnuH80yFZ2GA/XEpfs448/z1zAeSSo5rt5aZRdJQGMje7KaOQPXroFvwtWEE87QjY9scFki0cJg==',
  },
  {
    source: 'a 7.2.4 server, with letters beyond ASCII',
    mechanism: 'SCRAM-SHA512',
    username: 'écrivain',
    password: 'pässwörd',
    clientNonce: 'Z29sZGVuLWNsaWVudC1ub25jZQ==',
    serverNonce: '82a78303d70dc75a',
    salt: 'tDm2neRy2wCtKF+ZXMRgq4bFklSb/RIPZ991tRYfNbt+DBoLzWIpmv1fdSEK9AZF0ZiJSkUZ3svjKgC23udcbw==',
    iterations: 4000,
    proof: 'wW7uML85X+u+TCwB/Z9zu6wdRbVT8LYDeiiABsGdkg+DOhFeGHSXNbYiU/17CIDzLHDSKdZj0Rq0yWIhIgT5Dw==',
    signature: 'bcfWM6+lyhirN5V/e7Z3+ZLtl1GK7dXGuhgYXxtqr7wfFBujVljK7JDHfFkm4x7LjDyIy2+e6lVueiLZYdG/4w==',
  },
];

describe.each(EXCHANGES)('the exchange of $source', (exchange) => {
  const { mechanism, username, password, clientNonce, serverNonce, iterations, proof, signature } = exchange;
  const crypto = scramCrypto(mechanism);
  const nonces = clientNonce + serverNonce;
  const challenge = `r=${nonces},s=${exchange.salt},i=${iterations}`;
  const final = `c=biws,r=${nonces},p=${proof}`;

  test('as the client', () => {
    const client = new ScramClient({ crypto, username, password, nonce: clientNonce });
    expect(client.first()).toBe(`n,,n=${username},r=${clientNonce}`);
    expect(answered(client, challenge, crypto, password)).toBe(final);
    client.verify(`v=${signature}`);
    expect(client.state).toBe('verified');
  });

  test('as the server', () => {
    const salt = Buffer.from(exchange.salt, 'base64');
    const credentialOf = () => scramCredential(crypto, password, salt, iterations);
    const server = new ScramServer({ crypto, nonce: serverNonce, credentialOf });
    expect(server.first(`n,,n=${username},r=${clientNonce}`)).toBe(challenge);
    expect(server.username).toBe(username);
    expect(server.final(final)).toBe(`v=${signature}`);
  });
});

/** The answer to a challenge, the password salted in place. */
function answered(client: ScramClient, challenge: string, by: ScramCrypto, password = 'pencil'): string {
  const { salt: given, iterations } = client.challenged(challenge);
  return client.final(by.pbkdf2(Buffer.from(password), given, iterations));
}

const crypto = scramCrypto('SCRAM-SHA1');
const salt = Buffer.from('salt');

function newClient(password = 'pencil', username = 'user'): ScramClient {
  return new ScramClient({ crypto, username, password, nonce: 'abc', iterationsMin: 1 });
}

function newServer(options: { checksNonce?: boolean } = {}): ScramServer {
  const credentialOf = () => scramCredential(crypto, 'pencil', salt, 1);
  return new ScramServer({ crypto, nonce: 'xyz', credentialOf, ...options });
}

test('any user and password come through, whatever characters they have', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(text, text, (username, password) => {
      const client = new ScramClient({ crypto, username, password, nonce: 'abc', iterationsMin: 1 });
      const credentialOf = () => scramCredential(crypto, password, salt, 1);
      const server = new ScramServer({ crypto, nonce: 'xyz', credentialOf });
      const outcome = server.final(answered(client, server.first(client.first()), crypto, password));
      client.verify(outcome ?? '');
      expect(server.username).toBe(username);
    }),
  );
});

describe('the client', () => {
  test('escapes = and , in the user name', () => {
    expect(newClient('p', 'a=b,c=2C').first()).toBe('n,,n=a=3Db=2Cc=3D2C,r=abc');
  });

  test.each(['', 'a,b', 'ä', 'a\nb'])('refuses the nonce %p', (nonce) => {
    expect(() => new ScramClient({ crypto, username: 'u', password: 'p', nonce })).toThrow(ArgumentError);
  });

  test.each([
    ['nothing', '', 'not an attribute'],
    ['garbage', 'hello', 'not an attribute'],
    ['a nonce that does not continue ours', 'r=xabc,s=c2FsdA==,i=1', 'nonce'],
    ['only our own nonce', 'r=abc,s=c2FsdA==,i=1', 'nonce'],
    ['no nonce', 's=c2FsdA==,i=1', 'no r='],
    ['no salt', 'r=abcx,i=1', 'no s='],
    ['an empty salt', 'r=abcx,s=,i=1', 'no s='],
    ['a salt that is not base64', 'r=abcx,s=c2Fs*A==,i=1', 'not base64'],
    ['no iterations', 'r=abcx,s=c2FsdA==', 'no i='],
    ['0 iterations', 'r=abcx,s=c2FsdA==,i=0', '0 iterations; 1 to 1000000'],
    ['too many iterations', 'r=abcx,s=c2FsdA==,i=1000001', '1000001 iterations'],
    ['iterations beyond numbers', 'r=abcx,s=c2FsdA==,i=99999999999999999999', 'iterations'],
    ['iterations that are not a number', 'r=abcx,s=c2FsdA==,i=4k', '4k iterations'],
    ['an attribute twice', 'r=abcx,r=abcy,s=c2FsdA==,i=1', 'r= twice'],
    ['a mandatory extension', 'm=x,r=abcx,s=c2FsdA==,i=1', 'extension'],
  ])('refuses a challenge with %s', (_, challenge, reason) => {
    const client = newClient();
    client.first();
    expect(() => client.challenged(challenge)).toThrow(ProtocolError);
    const again = newClient();
    again.first();
    expect(() => again.challenged(challenge)).toThrow(reason);
    expect(again.state).toBe('failed');
  });

  test('takes 1 iteration and an attribute it does not know', () => {
    const client = newClient();
    client.first();
    expect(answered(client, 'r=abcx,s=c2FsdA==,i=1,z=new', crypto)).toMatch(/^c=biws,r=abcx,p=/);
  });

  test.each([
    ['is missing', '', 'no signature'],
    ['is missing among other attributes', 'x=y', 'no signature'],
    ['is wrong', 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=', 'signature is wrong'],
    ['is cut off', 'v=rmF9', 'signature is wrong'],
    ['is replaced by an error', 'e=invalid-proof', 'refused the SCRAM proof: invalid-proof'],
  ])("fails when the server's signature %s", (_, outcome, reason) => {
    const client = newClient();
    client.first();
    answered(client, 'r=abcx,s=c2FsdA==,i=1', crypto);
    expect(() => client.verify(outcome)).toThrow(reason);
    expect(client.state).toBe('failed');
    const other = newClient();
    other.first();
    answered(other, 'r=abcx,s=c2FsdA==,i=1', crypto);
    expect(() => other.verify(outcome)).toThrow(AuthError);
  });

  test('does not take steps out of turn', () => {
    const client = newClient();
    const challenge = 'r=abcx,s=c2FsdA==,i=1';
    expect(() => client.challenged(challenge)).toThrow(ProtocolError);
    expect(() => client.final(salt)).toThrow(ProtocolError);
    expect(() => client.verify('v=')).toThrow(ProtocolError);
    client.first();
    expect(() => client.final(salt)).toThrow('while "first sent"');
    client.challenged(challenge);
    expect(() => client.challenged(challenge)).toThrow('while "challenged"');
    client.final(salt);
    expect(() => client.challenged(challenge)).toThrow('while "final sent"');
  });

  test.each([
    ['by default', undefined, 4000],
    ['that were raised', 15_000, 15_000],
    ['that were lowered', 10, 10],
  ])('accepts no fewer iterations than those %s', (_what, iterationsMin, least) => {
    const challenge = (iterations: number) => (): unknown => {
      const client = new ScramClient({ crypto, username: 'user', password: 'pencil', nonce: 'abc', iterationsMin });
      client.first();
      return client.challenged(`r=abcx,s=c2FsdA==,i=${iterations}`);
    };
    expect(challenge(least)()).toEqual({ salt, iterations: least });
    expect(challenge(least - 1)).toThrow(`asks for ${least - 1} iterations; ${least} to 1000000 are accepted`);
  });
});

describe('the server', () => {
  test('reads a nonce with spaces up to the next comma', () => {
    expect(newServer().first('n,,n=user,r=0xffffffd2 0x7a 0x4e')).toBe('r=0xffffffd2 0x7a 0x4exyz,s=c2FsdA==,i=1');
  });

  test('finds a wrong password', () => {
    const server = newServer();
    const client = newClient('pen');
    expect(server.final(answered(client, server.first(client.first()), crypto, 'pen'))).toBeUndefined();
  });

  test('finds a proof of another length', () => {
    const server = newServer();
    server.first('n,,n=user,r=abc');
    expect(server.final('c=biws,r=abcxyz,p=AAAA')).toBeUndefined();
  });

  test.each([
    ['garbage', 'hello', 'n,,'],
    ['channel binding', 'p=tls-unique,,n=user,r=abc', 'no channel binding'],
    ['a client that could bind', 'y,,n=user,r=abc', 'no channel binding'],
    ['another identity to act as', 'n,a=root,n=user,r=abc', 'n,,'],
    ['nothing after the header', 'n,,', 'not an attribute'],
    ['no user', 'n,,r=abc', 'user name'],
    ['an empty user', 'n,,n=,r=abc', 'no n='],
    ['no nonce', 'n,,n=user', 'no r='],
    ['an unescaped =', 'n,,n=a=b,r=abc', 'written =3D'],
    ['an extension', 'n,,m=x,n=user,r=abc', 'extension'],
  ])('refuses a first message with %s', (_, message, reason) => {
    expect(() => newServer().first(message)).toThrow(ProtocolError);
    expect(() => newServer().first(message)).toThrow(reason);
  });

  test.each([
    ['garbage', 'hello', 'not an attribute'],
    ['channel binding', 'c=cD10bHMtdW5pcXVlLCw=,r=abcxyz,p=AAAA', 'binds to a channel'],
    ['another nonce', 'c=biws,r=abcxyzz,p=AAAA', 'another nonce'],
    ['no proof', 'c=biws,r=abcxyz', 'no p='],
    ['a proof that is not base64', 'c=biws,r=abcxyz,p=A', 'not base64'],
  ])('refuses a last message with %s', (_, message, reason) => {
    const server = newServer();
    server.first('n,,n=user,r=abc');
    expect(() => server.final(message)).toThrow(ProtocolError);
    expect(() => server.final(message)).toThrow(reason);
  });

  // A 7.2.4 server accepted this proof over a nonce that is not the one it had sent.
  test('can leave the nonce unchecked, but never the proof over it', () => {
    const sha512 = scramCrypto('SCRAM-SHA512');
    const userSalt = Buffer.from(EXCHANGES[2]!.salt, 'base64');
    const altered = 'c=biws,r=xZ29sZGVuLWNsaWVudC1ub25jZQ==bed4f3881189acad,p=';
    const proof = 'tG8iJA5G8mZSG/NVRhUli1g7b3aU2LMTwqYlnUYXKZKPy5mjqTGdph45u7DNV9/GhWOEdUMHZ3uhZAVJ1eh7rw==';
    const outcomes = ['password', 'passw0rd'].map((password) => {
      const credentialOf = () => scramCredential(sha512, password, userSalt, 4000);
      const server = new ScramServer({ crypto: sha512, nonce: 'bed4f3881189acad', credentialOf, checksNonce: false });
      server.first('n,,n=Administrator,r=Z29sZGVuLWNsaWVudC1ub25jZQ==');
      return server.final(altered + proof);
    });
    expect(outcomes).toEqual([
      'v=oLiTjZAUz2rSXL5tkWFWb8XKjhJB8Sn2WMkRVk3mubuscXoEH0K2Qe0mfvBORzKd0Bhi9lcmdMB/2/aFZPjbIw==',
      undefined,
    ]);
  });

  test('does not take steps out of turn', () => {
    const server = newServer();
    const client = newClient();
    expect(() => server.final('c=biws,r=abcxyz,p=AAAA')).toThrow(ProtocolError);
    const final = answered(client, server.first(client.first()), crypto);
    expect(() => server.first('n,,n=user,r=abc')).toThrow(ProtocolError);
    expect(server.final(final)).toMatch(/^v=/);
    expect(() => server.final(final)).toThrow(ProtocolError);
  });
});
