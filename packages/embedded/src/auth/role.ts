import { ArgumentError } from '@cb/protocol';
import { SCOPED } from './privilege.js';
import { ROLE_KINDS, ROLE_PARAMETERS } from './role-kinds.js';

/** One role that a user has: `admin`, `data_reader[default]`, `data_writer[*]`, `data_reader[default:shop:orders]`. */
export interface Role {
  readonly name: string;
  /** `*` for every bucket; undefined for a role that is for the whole cluster. */
  readonly bucket: string | undefined;
  /** Undefined for a role that is for the whole bucket. */
  readonly scope?: string;
  /** Undefined for a role that is for the whole scope. */
  readonly collection?: string;
}

/** The place of a document. */
export interface Place {
  readonly bucket: string;
  readonly scope: string;
  readonly collection: string;
}

/**
 * Parses a role of options and requests. `*` for a scope or a collection is the same as none.
 * @throws ArgumentError for an unknown role, or an unexpected bucket or scope.
 */
export function parseRole(text: string): Role {
  const [, name = '', inBrackets] = /^([a-z_]+)(?:\[([^\]]*)\])?$/.exec(text.trim()) ?? [];
  const kind = Object.hasOwn(ROLE_KINDS, name) ? ROLE_KINDS[name]! : undefined;
  if (kind === undefined) {
    throw new ArgumentError(`unknown role ${JSON.stringify(text)}; known are ${ROLE_NAMES.join(', ')}`);
  }
  const { parameters } = kind;
  if (parameters === 0 && inBrackets !== undefined) throw new ArgumentError(`the role ${name} is not for one bucket`);
  if (parameters > 0 && !inBrackets) throw new ArgumentError(`the role ${name} needs a bucket: ${name}[*]`);
  const [bucket, ...within] = inBrackets?.split(':') ?? [];
  const [scope, collection] = within.map((part) => (part === '*' ? undefined : part));
  const isPlace = within.length <= 2 && !within.includes('') && (scope !== undefined || collection === undefined);
  if (!isPlace) throw new ArgumentError(`${JSON.stringify(text)} is not written as ${name}[bucket:scope:collection]`);
  if (scope !== undefined && parameters < 2) throw new ArgumentError(`the role ${name} is for a whole bucket`);
  if (collection !== undefined && parameters < 3) throw new ArgumentError(`the role ${name} is for a whole scope`);
  return { name, bucket, ...(scope !== undefined && { scope }), ...(collection !== undefined && { collection }) };
}

export function formatRole({ name, ...place }: Role): string {
  const parts = [place.bucket, place.scope, place.collection].filter((part) => part !== undefined);
  return parts.length === 0 ? name : `${name}[${parts.join(':')}]`;
}

/**
 * Returns the privileges in a bucket or, with undefined, on the node; `SCOPED` when the role is for a part of the
 * bucket.
 */
export function privilegesOf(role: Role, bucket: string | undefined): number {
  const kind = ROLE_KINDS[role.name]!;
  if (bucket === undefined) return kind.cluster;
  if (!isFor(role, bucket)) return 0;
  if (role.scope === undefined) return kind.bucket | kind.cluster;
  return kind.bucket === 0 ? 0 : SCOPED;
}

/** Returns the privileges in a collection that the role names, or whose scope it names. */
export function scopedPrivilegesOf(role: Role, place: Place): number {
  if (role.scope !== place.scope || !isFor(role, place.bucket)) return 0;
  return role.collection === undefined || role.collection === place.collection ? ROLE_KINDS[role.name]!.bucket : 0;
}

function isFor(role: Role, bucket: string): boolean {
  return role.bucket === undefined || role.bucket === '*' || role.bucket === bucket;
}

/** The names of all roles. */
export const ROLE_NAMES: readonly string[] = Object.keys(ROLE_KINDS);

/**
 * Returns the parameters of a role as in the server's answers: `*` where it is not restricted. Empty for the whole
 * cluster.
 */
export function roleParameters({ name, bucket = '*', scope = '*', collection = '*' }: Role): Record<string, string> {
  const values = [bucket, scope, collection];
  const names = ROLE_PARAMETERS.slice(0, ROLE_KINDS[name]!.parameters);
  return Object.fromEntries(names.map((parameter, index) => [parameter, values[index]!]));
}
