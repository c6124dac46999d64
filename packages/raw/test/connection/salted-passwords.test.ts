import { pbkdf2Sync } from 'node:crypto';
import { SaltedPasswords } from '../../src/connection/salted-passwords.js';
import type { KeyDerivation } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';

const challenge = { salt: Buffer.from('salt'), iterations: 10 };

class CountingIOPS extends NodeIOPS {
  asked = 0;

  override deriveKey(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
    this.asked++;
    super.deriveKey(asked, derived);
  }
}

function derive(passwords: SaltedPasswords, iops: NodeIOPS, given = challenge): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    passwords.derive(iops, 'SCRAM-SHA256', given, 'pencil', (error, salted) =>
      error ? reject(error) : resolve(salted),
    );
  });
}

test('connections that need the same salted password at the same time share the work, and later ones find it', async () => {
  const passwords = new SaltedPasswords();
  const iops = new CountingIOPS();
  const expected = pbkdf2Sync('pencil', 'salt', 10, 32, 'sha256');
  const salted = await Promise.all([derive(passwords, iops), derive(passwords, iops)]);
  expect(salted.map((each) => Buffer.from(each))).toEqual([expected, expected]);
  expect(iops.asked).toBe(1);
  expect(passwords.kept('SCRAM-SHA256', challenge)).toEqual(expected);
  expect(passwords.kept('SCRAM-SHA512', challenge)).toBeUndefined();
  expect(passwords.kept('SCRAM-SHA256', { ...challenge, iterations: 11 })).toBeUndefined();
});

test('a server that invents salts does not fill the memory', async () => {
  const passwords = new SaltedPasswords();
  const iops = new NodeIOPS();
  const challenges = Array.from({ length: 100 }, (_none, at) => ({ ...challenge, salt: Buffer.from(`salt ${at}`) }));
  for (const each of challenges) await derive(passwords, iops, each);
  const kept = challenges.filter((each) => passwords.kept('SCRAM-SHA256', each) !== undefined);
  expect(kept).toEqual(challenges.slice(-16));
});

test('what an IOPS throws at once leaves nothing waiting', async () => {
  class UnableIOPS extends NodeIOPS {
    override deriveKey(): never {
      throw new Error('out of order');
    }
  }
  const passwords = new SaltedPasswords();
  await expect(derive(passwords, new UnableIOPS())).rejects.toThrow('out of order');
  expect(await derive(passwords, new NodeIOPS())).toHaveLength(32);
});
