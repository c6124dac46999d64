import type { KeyDerivation } from './iops.js';

/** PBKDF2 in the thread pool of Node: however long it takes, the event loop turns. */
export function deriveKey(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
  const { password, salt, iterations, bytes, hash } = asked;
  process.getBuiltinModule('node:crypto').pbkdf2(password, salt, iterations, bytes, hash, derived);
}
