import { ArgumentError } from '@cb/protocol';
import { ALL_PRIVILEGES, Privilege, SCOPED } from './privilege.js';

const P = Privilege;
const DATA_READ = P.Read | P.MetaRead | P.XattrRead | P.RangeScan;
const DATA_WRITE = P.Insert | P.Upsert | P.Delete | P.XattrWrite;
const DATA_META = P.MetaWrite | P.SystemXattrRead | P.SystemXattrWrite | P.DcpProducer | P.DcpConsumer;
const STATS = P.SimpleStats | P.Stats;
const VIEWS = P.ViewRead | P.ViewWrite;
const ALL_DATA = DATA_READ | DATA_WRITE | DATA_META | STATS;

interface RoleKind {
  /** Privileges in the bucket that the role names, or in every bucket. */
  readonly bucket: number;
  /** Privileges on the node. */
  readonly cluster: number;
  /** The role is for one bucket (or `*`), written in brackets. */
  readonly takesBucket: boolean;
  /** It may be for a scope or a collection of that bucket. */
  readonly takesScope: boolean;
}

function bucketRole(bucket: number): RoleKind {
  return { bucket, cluster: 0, takesBucket: true, takesScope: false };
}

function scopeRole(bucket: number): RoleKind {
  return { bucket, cluster: 0, takesBucket: true, takesScope: true };
}

function clusterRole(bucket: number, cluster: number): RoleKind {
  return { bucket, cluster, takesBucket: false, takesScope: false };
}

/** The roles that are known, with what they allow. Source: the server's own list of roles, `/settings/rbac/roles`. */
const ROLES: Readonly<Record<string, RoleKind>> = {
  admin: clusterRole(ALL_PRIVILEGES, ALL_PRIVILEGES),
  ro_admin: clusterRole(STATS | P.ViewRead, P.Stats),
  cluster_admin: clusterRole(STATS | VIEWS | P.BucketManagement, P.BucketManagement | P.NodeSupervisor | P.Stats),
  bucket_admin: bucketRole(STATS | VIEWS | P.BucketManagement),
  bucket_full_access: bucketRole(ALL_DATA | VIEWS),
  views_admin: bucketRole(STATS | VIEWS | P.Read),
  views_reader: bucketRole(P.Read | P.ViewRead),
  data_reader: scopeRole(DATA_READ | P.SimpleStats),
  data_writer: scopeRole(DATA_WRITE),
  data_monitoring: scopeRole(STATS),
  data_backup: bucketRole(ALL_DATA),
  data_dcp_reader: scopeRole(DATA_READ | P.DcpProducer | P.SystemXattrRead | STATS),
};

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

/** Where a document is. */
export interface Place {
  readonly bucket: string;
  readonly scope: string;
  readonly collection: string;
}

/**
 * Reads a role as it is written in options and in requests. `*` for a scope or a collection is the same as none.
 * @throws ArgumentError for an unknown role, or a bucket or scope where there must be none.
 */
export function parseRole(text: string): Role {
  const [, name = '', inBrackets] = /^([a-z_]+)(?:\[([^\]]*)\])?$/.exec(text.trim()) ?? [];
  const kind = Object.hasOwn(ROLES, name) ? ROLES[name]! : undefined;
  if (kind === undefined) {
    throw new ArgumentError(`unknown role ${JSON.stringify(text)}; known are ${Object.keys(ROLES).join(', ')}`);
  }
  if (!kind.takesBucket && inBrackets !== undefined) throw new ArgumentError(`the role ${name} is not for one bucket`);
  if (kind.takesBucket && !inBrackets) throw new ArgumentError(`the role ${name} needs a bucket: ${name}[*]`);
  const [bucket, ...within] = inBrackets?.split(':') ?? [];
  const [scope, collection] = within.map((part) => (part === '*' ? undefined : part));
  const isPlace = within.length <= 2 && !within.includes('') && (scope !== undefined || collection === undefined);
  if (!isPlace) throw new ArgumentError(`${JSON.stringify(text)} is not written as ${name}[bucket:scope:collection]`);
  if (scope !== undefined && !kind.takesScope) throw new ArgumentError(`the role ${name} is for a whole bucket`);
  return { name, bucket, ...(scope !== undefined && { scope }), ...(collection !== undefined && { collection }) };
}

export function formatRole({ name, ...place }: Role): string {
  const parts = [place.bucket, place.scope, place.collection].filter((part) => part !== undefined);
  return parts.length === 0 ? name : `${name}[${parts.join(':')}]`;
}

/** What the role allows in a bucket, or, with undefined, on the node; `SCOPED` when it is for a part of the bucket. */
export function privilegesOf(role: Role, bucket: string | undefined): number {
  const kind = ROLES[role.name]!;
  if (bucket === undefined) return kind.cluster;
  if (!isFor(role, bucket)) return 0;
  return role.scope === undefined ? kind.bucket | kind.cluster : SCOPED;
}

/** What the role allows in a collection, because it is for this one or its scope. */
export function scopedPrivilegesOf(role: Role, place: Place): number {
  if (role.scope !== place.scope || !isFor(role, place.bucket)) return 0;
  return role.collection === undefined || role.collection === place.collection ? ROLES[role.name]!.bucket : 0;
}

function isFor(role: Role, bucket: string): boolean {
  return role.bucket === undefined || role.bucket === '*' || role.bucket === bucket;
}

/** The names of all roles. */
export const ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** Whether the role is written with a bucket in brackets. */
export function takesBucket(name: string): boolean {
  return ROLES[name]!.takesBucket;
}
