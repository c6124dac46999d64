import type { User } from '../auth/user.js';
import type { Users } from '../auth/users.js';
import { notImplemented, wrongType } from './query-fault.js';

/** Names of users may have their domain before them. */
const DOMAIN = /^(?:local|admin):/;

/**
 * Returns the user of a request: that of HTTP, or the one that its parameter `creds` names. A wrong password gives no
 * rights; as on a server, it is an error only of statements that need some.
 *
 * @throws QueryFault for several users
 */
export function requestUser(signedIn: User | undefined, creds: unknown, users: Users): User | undefined {
  if (creds === undefined) return signedIn;
  if (!Array.isArray(creds)) throw wrongType('creds', 'array');
  let user = signedIn;
  for (const each of creds as unknown[]) {
    const { user: name, pass } = (each ?? {}) as { readonly user?: unknown; readonly pass?: unknown };
    if (typeof name !== 'string' || typeof pass !== 'string') throw wrongType('creds', 'array of user and pass');
    const found = users.authenticate(name.replace(DOMAIN, ''), pass);
    if (found === undefined) continue;
    if (user !== undefined && user.name !== found.name) throw notImplemented('several users', 'creds');
    user = found;
  }
  return user;
}
