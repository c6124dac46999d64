import { ArgumentError } from '@cb/protocol';
import { parseRole, type Role, roleParameters } from '../auth/role.js';
import type { ServiceHost } from './hosts.js';
import { HttpRefusal } from './http-call.js';

/** A role as the server's answers show it. */
export function roleDocument(role: Role): object {
  return { role: role.name, ...roleParameters(role) };
}

/** The names in a field of a form, without the spaces around them. A comma within brackets separates nothing. */
export function commaSeparated(text: string | null): string[] {
  return (text ?? '').split(/,(?![^[]*\])/).flatMap((name) => name.trim() || []);
}

/**
 * The roles that a form names, each of them known, and for a bucket, a scope and a collection that are there.
 * @throws HttpRefusal 400 that lists all others.
 */
export function namesOfRoles(text: string | null, cluster: ServiceHost): string[] {
  const names = commaSeparated(text);
  const bad = names.filter((name) => !isPossible(name, cluster));
  if (bad.length === 0) return names;
  const roles = `Cannot assign roles to user because the following roles are unknown, malformed or role parameters are undefined: [${bad.join(',')}]`;
  throw new HttpRefusal(400, { errors: { roles } });
}

/** @throws HttpRefusal 400 when there is anything wrong with the fields of a form. */
export function refuseFields(errors: Readonly<Record<string, string>>): void {
  if (Object.keys(errors).length > 0) throw new HttpRefusal(400, { errors });
}

function isPossible(name: string, cluster: ServiceHost): boolean {
  try {
    return isThere(parseRole(name), cluster);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return false;
  }
}

function isThere({ bucket, scope, collection }: Role, cluster: ServiceHost): boolean {
  if (bucket === undefined) return true;
  if (bucket === '*') return scope === undefined;
  const scopes = cluster.findBucket(bucket)?.manifest.scopes;
  const found = scope === undefined ? undefined : scopes?.find((one) => one.name === scope);
  if (scope === undefined || found === undefined) return scope === undefined && scopes !== undefined;
  return collection === undefined || found.collections.some((one) => one.name === collection);
}
