import { Users } from '../src/auth/users.js';
import { Random } from '../src/base/random.js';
import { Node } from '../src/cluster/node.js';
import { FEATURES } from '../src/config/features.js';
import { SystemClock } from '../src/time/system-clock.js';

/** A node of its own, with one user who may do everything, and what it warned of. */
export function testNode(): { node: Node; warnings: string[] } {
  const warnings: string[] = [];
  const random = new Random(1);
  const clock = new SystemClock();
  const users = new Users({ iterations: 1, random, fallbackSalt: Buffer.alloc(16), clock });
  users.set('Administrator', { password: 'password', roles: ['admin'] });
  const node = new Node('n_0', {
    clock,
    random,
    users,
    version: '7.2.4-0000',
    features: new Set(FEATURES),
    dedupesMaps: false,
    hasClusterManager: true,
    warn: (message) => warnings.push(message),
  });
  return { node, warnings };
}
